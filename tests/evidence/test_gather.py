"""The door to the outside: what it fetches, what it refuses, and that nothing slips by it."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import PAGE, Site, site

from ytterby.evidence import feeds, gather, items
from ytterby.evidence.addresses import address, canonical, public
from ytterby.evidence.gather import Door, Limits, fetch, post
from ytterby.evidence.items import Item, named
from ytterby.terms.errors import InputError

SOURCE = Path(gather.__file__).resolve().parents[1]


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as known:
        yield known


def _items(*sources: str | Path, door: Door | None = None) -> list[Item]:
    return list(items.items(named(sources), door or Door(allow_private=True), lambda _: ("", "")))


# fetching


def test_a_page_with_its_headers(web: Site) -> None:
    url = web.put("/a", ETag='"one"', Last_Modified="Wed, 20 Aug 2025 10:00:00 GMT")
    page = fetch(url, allow_private=True)
    assert page.content == PAGE
    assert (page.media, page.charset, page.etag) == ("text/html", "utf-8", '"one"')
    assert page.modified.startswith("Wed, 20 Aug")
    again = fetch(url, etag=page.etag, modified=page.modified, allow_private=True)
    assert again.unchanged
    assert again.content == b""
    (_, headers) = web.seen[-1]
    assert headers["Host"] == web.url.removeprefix("http://")
    assert headers["User-Agent"].startswith("Ytterby")


def test_packed_pages_are_unpacked(web: Site) -> None:
    url = web.put("/packed", gzip.compress(PAGE), Content_Encoding="gzip")
    assert fetch(url, allow_private=True).content == PAGE


def test_redirects_are_followed_on_the_same_host(web: Site) -> None:
    web.put("/end")
    web.put("/middle", b"", 302, Location="end")
    page = fetch(web.put("/start", b"", 301, Location="/middle"), allow_private=True)
    assert page.content == PAGE
    assert page.final_url == web.url + "/end"


def test_robots_are_obeyed_and_asked_once(web: Site) -> None:
    web.put("/robots.txt", b"User-agent: *\nDisallow: /closed/\n")
    door = Door(allow_private=True)
    door.name(web.url)
    web.put("/open/a")
    web.put("/closed/a")
    assert door.fetch(web.url + "/open/a").content == PAGE
    with pytest.raises(InputError, match=r"robots\.txt"):
        door.fetch(web.url + "/closed/a")
    assert web.asked("/robots.txt") == 1
    assert web.asked("/closed/a") == 0


def test_a_redirect_into_what_robots_close_is_refused(web: Site) -> None:
    web.put("/robots.txt", b"User-agent: Ytterby\nDisallow: /closed/\n")
    web.put("/closed/a")
    with pytest.raises(InputError, match=r"robots\.txt"):
        fetch(web.put("/a", b"", 302, Location="/closed/a"), allow_private=True)


# refusing


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x",
        "file:" + "///etc/passwd",
        "gopher://a.example/",
        "http://",
        "http://user:secret@a.example/",
        "http://a.example:99999/",
        "http://a.example/\r\nHost: b.example",
        "https://" + "a" * 5000,
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(InputError) as caught:
        address(url)
    assert caught.value.remedy
    assert "secret" not in str(caught.value)


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_addresses_are_not_public(ip: str) -> None:
    assert not public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_open_addresses_are(ip: str) -> None:
    assert public(ipaddress.ip_address(ip))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_refused_by_every_name(web: Site, host: str) -> None:
    port = web.url.rsplit(":", 1)[1]
    with pytest.raises(InputError):
        fetch(f"http://{host}:{port}/a")
    assert web.seen == []


def test_a_redirect_to_loopback_is_refused_even_where_private_is_allowed(web: Site) -> None:
    with site() as inner:
        secret = inner.put("/secret", b"secret")
        for target in (secret, secret.replace("127.0.0.1", "localhost"), "http://169.254.169.254/latest"):
            with pytest.raises(InputError, match="private network or this machine"):
                fetch(web.put("/a", b"", 302, Location=target), allow_private=True)
        assert inner.seen == []


def test_a_name_is_looked_up_once_and_the_checked_ip_is_used(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *rest: int, **more: int) -> object:
        # First an open address, then this machine: what a rebinding name server answers.
        if host != "rebind.example":
            return real(host, port, *rest, **more)
        asked.append(host)
        ip = "93.184.216.34" if len(asked) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))]

    used: list[str] = []

    def connection(at: object, ip: object, wait: float) -> object:
        used.append(str(ip))
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(gather, "_connection", connection)
    with pytest.raises(InputError, match="no network"):
        Door(robots=False).fetch("http://rebind.example/")
    assert asked == ["rebind.example"]
    assert used == ["93.184.216.34"]


def test_a_host_with_one_private_ip_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [ipaddress.ip_address("93.184.216.34"), ipaddress.ip_address("10.0.0.1")]
    monkeypatch.setattr(gather, "_resolved", lambda at, until: both)
    with pytest.raises(InputError, match=r"10\.0\.0\.1"):
        Door(robots=False).fetch("http://two.example/")


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/endless", "larger than 1 MiB"),
        ("/bomb", "larger than 1 MiB"),
        ("/drip", "longer than 1 seconds"),
        ("/short", "broke off"),
        ("/missing", "no such page"),
        ("/loop", "redirects more than"),
        ("/packed", "does not unpack"),
        ("/odd", "packed as br"),
        ("/down", "the site failed"),
        ("/private", "no such page"),
    ],
)
def test_pages_that_misbehave(web: Site, path: str, cause: str) -> None:
    web.put("/loop", b"", 302, Location="/loop")
    web.put("/packed", b"not packed at all", Content_Encoding="gzip")
    web.put("/odd", b"xx", Content_Encoding="br")
    web.put("/down", b"", 503)
    door = Door(allow_private=True, robots=False, limits=Limits(body=2**20, seconds=1.0))
    door.name(web.url)
    began = time.monotonic()
    with pytest.raises(InputError, match=cause) as caught:
        door.fetch(web.url + path)
    assert time.monotonic() - began < 30  # an end, not a speed: none of these ends by itself in that time
    assert caught.value.place.startswith(web.url)
    assert caught.value.remedy


def test_a_closed_port_is_told(web: Site) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/"
        with pytest.raises(InputError, match="could not be fetched"):
            fetch(url, allow_private=True)


def test_posting(web: Site) -> None:
    url = web.put("/v1/chat", b"echo:")
    assert post(url, {"Authorization": "Bearer k"}, b"hello", allow_private=True) == b"echo:hello"
    assert web.seen[-1][1]["Authorization"] == "Bearer k"
    with pytest.raises(InputError, match="private network"):
        post(url, {}, b"hello")
    with pytest.raises(InputError, match=r"status 404: no such model") as caught:
        post(web.url + "/v2", {"Authorization": "Bearer secret"}, b"", allow_private=True)
    assert "secret" not in str(caught.value)


def test_one_door() -> None:
    """Nothing else opens a connection; the desk listens for them, the watch sends mail, Ray's engine knocks."""
    import re

    opens = re.compile(
        r"^\s*(?:import|from) (?:socket|ssl|http\.client|urllib\.request|urllib3|requests|httpx|smtplib)\b", re.M
    )
    found = [path for path in SOURCE.rglob("*.py") if opens.search(path.read_text(encoding="utf-8"))]
    assert {path.relative_to(SOURCE).as_posix() for path in found} <= {
        "evidence/gather.py",
        "watch/delivery.py",
        "desk/serving.py",
        "run/engines/onray.py",
    }


# sources


def test_folders_in_order_without_what_is_no_document(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden.txt", ".git/x.txt", "data.json", "README.md", "notes"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Prices rose 4%.")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    found = [Path(one.path).relative_to(tmp_path).as_posix() for one in named([tmp_path, tmp_path / "b.txt"])]
    assert found == ["a.md", "b.txt", "notes", "sub/c.txt"]
    assert [one.path for one in named([tmp_path / "data.json"])] == [str(tmp_path / "data.json")]


def test_what_is_not_there_or_has_no_end_is_an_error_of_its_own(tmp_path: Path) -> None:
    import os

    (tmp_path / "good.txt").write_text("Prices rose 4%.")
    os.mkfifo(tmp_path / "pipe")
    got = _items(tmp_path / "missing.txt", tmp_path / "pipe", tmp_path / "good.txt", "ftp://a.example/")
    assert [item.error is None for item in got] == [False, False, True, False]
    assert all(item.error.remedy and item.error.place for item in got if item.error)


def test_a_file_of_200_mb_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200 * 2**20)
    (item,) = _items(tmp_path / "large.txt")
    assert item.error is not None
    assert "200 MiB" in item.error.cause


def test_addresses_have_one_spelling() -> None:
    assert canonical("HTTP://A.Example:80/x?utm_source=y&b=1#z") == "http://a.example/x?b=1"
    assert canonical("https://a.example") == "https://a.example/"
    assert [one.key for one in named(["https://a.example/x", "https://A.example/x#top"])] == ["https://a.example/x"]


# feeds


def _feed(*links: str, onward: str = "") -> bytes:
    entries = "".join(
        f"<entry><title>Note {n}</title><link href='{link}'/><updated>2025-08-{n:02}T00:00:00Z</updated></entry>"
        for n, link in enumerate(links, 1)
    )
    more = f"<link rel='next' href='{onward}'/>" if onward else ""
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{more}{entries}</feed>".encode()


def test_entries_are_fetched_and_one_failure_stops_nobody(web: Site) -> None:
    web.put("/one")
    web.put("/two")
    url = web.put("/feed.xml", _feed("/one", web.url + "/gone", "http://10.0.0.1/x", "/two"))
    got = _items(url)
    assert [item.path.rsplit("/", 1)[1] for item in got] == ["one", "gone", "x", "two"]
    assert [item.error is None for item in got] == [True, False, False, True]


def test_a_feed_file_works_like_its_address(web: Site, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(_feed("http://10.0.0.1/x", "javascript:alert(1)", "file:" + "///etc/passwd"))
    (item,) = _items(tmp_path / "feed.xml")
    assert item.error is not None


def test_a_feed_that_pages_for_ever_is_left_in_the_end(web: Site) -> None:
    web.put("/note")
    for n in range(50):
        web.put(f"/feed{n}", _feed(f"/note?{n}", onward=f"/feed{n + 1}"))
        web.put(f"/note?{n}")
    assert len(_items(web.url + "/feed0")) == feeds.MOST_PAGES
    web.put("/ring", _feed("/note", onward="/ring"))
    assert len(_items(web.url + "/ring")) == 1


def test_a_feed_that_never_ends_is_cut(web: Site) -> None:
    door = Door(allow_private=True, robots=False, limits=Limits(body=2**18))
    got = _items(web.url + "/endless.rss", door=door)
    assert len(got) == feeds.MOST_ENTRIES
    assert all("no such page" in item.error.cause for item in got if item.error)


def test_an_entry_without_its_page_is_read_from_the_feed(web: Site) -> None:
    words = "Customs said that magnet exports rose by nearly 75 % in July to 5,577 t, most since January. " * 3
    entry = f"<item><title>Note</title><link>/gone</link><description>&lt;p&gt;{words}&lt;/p&gt;</description></item>"
    url = web.put("/feed", f"<rss version='2.0'><channel><title>T</title>{entry}</channel></rss>".encode())
    (item,) = _items(url)
    assert item.error is None
    assert b"5,577 t" in item.content


def test_an_empty_feed_is_an_error(web: Site) -> None:
    (item,) = _items(web.put("/feed", b"<rss version='2.0'><channel><title>T</title></channel></rss>"))
    assert item.error is not None
    assert "names no article" in item.error.cause
