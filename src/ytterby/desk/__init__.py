"""Home to the desk: Ytterby in a browser.

- `urls`      every address, built and parsed
- `page`      the contract of a page; `blocks` is what a page is made of; `pages/` holds one small file per page
- `words`     every word of the frame, in English and Chinese
- `render`    a page as HTML, JSON or CSV; the only place that knows of templates
- `shelf`     what was built once and still holds
- `jobs`      runs and other long work behind the pages; `worker` is the process that does it
- `guard`     who may ask, and what: hosts, token, forms, sizes, headers
- `api`       the machine interface over HTTP
- `app`       the server's wiring; the only place, with `api` and `serving`, that imports FastAPI
"""

from __future__ import annotations
