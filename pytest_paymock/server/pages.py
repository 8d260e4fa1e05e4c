"""``/docs`` and ``/redoc``, with everything that they load from this server and nowhere else.

The scripts are those of Swagger UI (Apache-2.0) and Redoc (MIT), as the package fastapi-offline
ships them.
"""

from collections.abc import Awaitable, Callable
from importlib.resources import files

from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response

_ASSETS = files("fastapi_offline") / "static"

TYPES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "redoc.standalone.js": "text/javascript",
    "favicon.png": "image/png",
}
"""What the pages load, by file name."""

# Redoc fetches its maker's logo from the maker; a picture of nothing takes its place.
_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_LOGO = b"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"

# So that a newer bundle cannot fetch anything either.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; worker-src blob:; frame-ancestors 'none'"
)

# The badge of Swagger UI would send the address of the document to a validator on the internet.
_SWAGGER = {"validatorUrl": None, "tryItOutEnabled": True}


def add(app: FastAPI, prefix: str) -> None:
    """Add the pages and what they load to an application, below a path."""
    app.add_route(f"{prefix}/docs", _page(prefix, _swagger), include_in_schema=False)
    app.add_route(f"{prefix}/redoc", _page(prefix, _redoc), include_in_schema=False)
    app.add_route(f"{prefix}/docs-assets/{{name}}", _asset, include_in_schema=False)


def asset(name: str) -> bytes:
    """Return a file that a page loads."""
    return (_ASSETS / name).read_bytes().replace(_LOGO, _NO_LOGO)


def _page(
    prefix: str, make: Callable[[str, str, str], Response]
) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        below = request.scope.get("root_path", "").rstrip("/") + prefix
        made = make(request.app.title, f"{below}/openapi.json", f"{below}/docs-assets")
        made.headers["content-security-policy"] = _POLICY
        return made

    return page


def _swagger(title: str, document: str, assets: str) -> Response:
    return get_swagger_ui_html(
        openapi_url=document,
        title=title,
        swagger_js_url=f"{assets}/swagger-ui-bundle.js",
        swagger_css_url=f"{assets}/swagger-ui.css",
        swagger_favicon_url=f"{assets}/favicon.png",
        swagger_ui_parameters=_SWAGGER,
    )


def _redoc(title: str, document: str, assets: str) -> Response:
    return get_redoc_html(
        openapi_url=document,
        title=title,
        redoc_js_url=f"{assets}/redoc.standalone.js",
        redoc_favicon_url=f"{assets}/favicon.png",
        with_google_fonts=False,
    )


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in TYPES:
        return Response(b'{"detail":"Not Found"}', 404, media_type="application/json")
    return Response(asset(name), media_type=TYPES[name], headers={"cache-control": "max-age=3600"})
