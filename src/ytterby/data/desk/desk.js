// The desk's only script. Every page says all it has to say without it.
"use strict";
(function () {
  var root = document.documentElement;
  var themes = ["", "light", "dark"];

  function kept(name, value) {
    try {
      if (value === undefined) return localStorage.getItem(name) || "";
      localStorage.setItem(name, value);
    } catch (refused) { /* private windows keep nothing */ }
    return value || "";
  }

  function paint(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }

  paint(kept("theme"));

  function tell(text) {
    var place = document.getElementById("told");
    if (place) place.textContent = text;
  }

  function theme() {
    var button = document.getElementById("theme");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var next = themes[(themes.indexOf(kept("theme")) + 1) % themes.length];
      kept("theme", next);
      paint(next);
    });
  }

  function keys() {
    document.addEventListener("keydown", function (event) {
      var at = event.target;
      var typing = at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      var find = document.getElementById("find");
      if (find) {
        event.preventDefault();
        find.focus();
        find.select();
      }
    });
  }

  function copies() {
    document.querySelectorAll("a[data-copy]").forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (!navigator.clipboard) return;
        event.preventDefault();
        navigator.clipboard.writeText(link.href).then(
          function () { tell(link.dataset.copy); },
          function () { tell(link.dataset.failed); }
        );
        history.replaceState(null, "", link.getAttribute("href"));
      });
    });
  }

  // A figure as a picture: its SVG file, drawn twice as fine on the ground of the page.
  function picture(link) {
    return fetch(link.href).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    }).then(function (text) {
      var dark = getComputedStyle(root).colorScheme === "dark" ||
        (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
      var size = /<svg[^>]*\bwidth="([\d.]+)"[^>]*\bheight="([\d.]+)"/.exec(text);
      var view = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(text);
      var found = size || view;
      if (!found) throw new Error("no size");
      var scheme = dark ? "dark" : "light";
      var image = new Image();
      var themed = text.replace("svg:root{color-scheme:light dark}", "svg:root{color-scheme:" + scheme + "}");
      return new Promise(function (done, failed) {
        image.onload = function () {
          var canvas = document.createElement("canvas");
          canvas.width = 2 * found[1];
          canvas.height = 2 * found[2];
          var pen = canvas.getContext("2d");
          pen.fillStyle = dark ? "#1B1A22" : "#FFFFFF";
          pen.fillRect(0, 0, canvas.width, canvas.height);
          pen.drawImage(image, 0, 0, canvas.width, canvas.height);
          canvas.toBlob(function (blob) { blob ? done(blob) : failed(new Error("no picture")); }, "image/png");
        };
        image.onerror = failed;
        image.src = URL.createObjectURL(new Blob([themed], { type: "image/svg+xml" }));
      });
    });
  }

  function pictures() {
    document.querySelectorAll("a[data-png]").forEach(function (link) {
      link.hidden = false;
      link.addEventListener("click", function (event) {
        event.preventDefault();
        picture(link).then(function (blob) {
          var save = document.createElement("a");
          save.href = URL.createObjectURL(blob);
          save.download = link.dataset.png;
          save.click();
          setTimeout(function () { URL.revokeObjectURL(save.href); }, 10000);
        }, function () { location.href = link.href; });
      });
    });
  }

  // A job is followed while it runs; when it has ended the page is asked for again, and says what came of it.
  function follow() {
    document.querySelectorAll("[data-events]").forEach(function (box) {
      var bar = box.querySelector("progress");
      var source = new EventSource(box.dataset.events + "?lang=" + root.lang.slice(0, 2));
      source.onmessage = function (event) {
        var job = JSON.parse(event.data);
        box.querySelector("[data-state]").textContent = job.state;
        box.querySelector("[data-told]").textContent = job.told;
        if (job.total) { bar.max = job.total; bar.value = job.done; }
        if (!job.open) { source.close(); location.reload(); }
      };
    });
  }

  // What a form would change is sent once, however often its button is pressed.
  function forms() {
    document.querySelectorAll("form[method=post]").forEach(function (form) {
      form.addEventListener("submit", function () {
        setTimeout(function () { form.querySelectorAll("button").forEach(function (one) { one.disabled = true; }); }, 0);
      });
    });
    window.addEventListener("pageshow", function () {
      document.querySelectorAll("form button").forEach(function (one) { one.disabled = false; });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    [theme, keys, copies, pictures, follow, forms].forEach(function (part) { part(); });
  });
})();
