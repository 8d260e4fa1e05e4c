# ruff: noqa: D103, PLR2004, S101 - these are tests
"""What the documentation of respx promises, for want of tests in its sdist."""

import asyncio
import json
import re

import httpx
import pytest
import respx
from respx.patterns import M

URL = "https://shop.example/"


@respx.mock
def test_decorator():
    route = respx.get(URL).mock(return_value=httpx.Response(204))
    assert httpx.get(URL).status_code == 204
    assert route.called


@respx.mock
async def test_async_decorator():
    route = respx.get(URL)
    async with httpx.AsyncClient() as client:
        assert (await client.get(URL)).status_code == 200
    assert route.call_count == 1


@respx.mock(base_url="https://shop.example/api/", assert_all_called=False)
def test_decorator_with_a_router(respx_mock):
    respx_mock.get("/users/").respond(json=[1, 2])
    respx_mock.get("/never/")
    assert httpx.get("https://shop.example/api/users/").json() == [1, 2]


def test_fixture(respx_mock):
    respx_mock.post(URL).respond(201)
    assert httpx.post(URL).status_code == 201


@pytest.mark.respx(base_url="https://shop.example", assert_all_called=False)
def test_fixture_with_a_marker(respx_mock):
    respx_mock.get("/a").respond(418)
    respx_mock.get("/never")
    assert httpx.get("https://shop.example/a").status_code == 418


def test_context_manager_and_what_is_not_mocked():
    with respx.mock() as router:
        router.get(URL)
        httpx.get(URL)
        with pytest.raises(AssertionError, match="not mocked"):
            httpx.get("https://other.example")


def test_a_router_that_mocks_all():
    with respx.mock(assert_all_mocked=False) as router:
        assert httpx.get("https://other.example").status_code == 200
        assert router.calls.call_count == 1


def test_a_route_that_was_not_called():
    router = respx.mock()
    router.start()
    router.get(URL)
    with pytest.raises(AssertionError, match="some routes were not called"):
        router.stop()


def test_start_and_stop_of_the_module():
    respx.start()
    respx.get(URL).respond(202)
    assert httpx.get(URL).status_code == 202
    respx.stop()
    assert len(respx.mock.routes) == 0


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
@pytest.mark.parametrize(
    ("lookups", "request_"),
    [
        ({"method": "PUT"}, {"method": "PUT"}),
        ({"method__in": ["PUT", "PATCH"]}, {"method": "PATCH"}),
        ({"host": "shop.example"}, {}),
        ({"host__regex": r"shop\..*"}, {}),
        ({"scheme": "https", "port": 443}, {}),
        ({"path": "/api/1"}, {"url": f"{URL}api/1"}),
        ({"path__startswith": "/api"}, {"url": f"{URL}api/2"}),
        ({"path__regex": r"^/(?P<slug>\w+)/$"}, {"url": f"{URL}shoes/"}),
        ({"url__regex": r"https://shop\.example/\d+"}, {"url": f"{URL}17"}),
        ({"params": {"q": "a"}}, {"params": {"q": "a", "page": "2"}}),
        ({"params__eq": {"q": "a"}}, {"params": {"q": "a"}}),
        ({"headers": {"x-a": "1"}}, {"headers": {"x-a": "1"}}),
        ({"cookies": {"a": "1"}}, {"headers": {"cookie": "a=1"}}),
        ({"content": b"raw"}, {"method": "POST", "content": b"raw"}),
        ({"json": {"a": 1}}, {"method": "POST", "json": {"a": 1}}),
        ({"json__a__b": 2}, {"method": "POST", "json": {"a": {"b": 2}}}),
        ({"data": {"a": "1"}}, {"method": "POST", "data": {"a": "1"}}),
    ],
)
def test_patterns(lookups, request_, using):
    with respx.mock(using=using) as router:
        router.route(**lookups).respond(218)
        assert httpx.request(**{"method": "GET", "url": URL, **request_}).status_code == 218


def test_patterns_that_are_combined():
    with respx.mock() as router:
        router.route(M(host="a.example") | M(host="b.example"), ~M(method="POST")).respond(218)
        assert httpx.get("https://a.example").status_code == 218
        assert httpx.get("https://b.example").status_code == 218
        with pytest.raises(AssertionError):
            httpx.post("https://b.example")


def test_named_groups_reach_the_side_effect():
    def effect(_, slug):
        return httpx.Response(200, json={"slug": slug})

    with respx.mock() as router:
        router.get(url__regex=re.compile(r"https://shop\.example/(?P<slug>\w+)/")).mock(
            side_effect=effect
        )
        assert httpx.get(f"{URL}shoes/").json() == {"slug": "shoes"}


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.NetworkError])
def test_a_side_effect_that_is_an_exception(error):
    with respx.mock() as router:
        route = router.get(URL).mock(side_effect=error)
        with pytest.raises(error):
            httpx.get(URL)
        assert route.called
        assert not route.calls.last.has_response


def test_a_side_effect_that_is_a_sequence():
    with respx.mock() as router:
        router.get(URL).mock(side_effect=[httpx.Response(404), httpx.Response(200)])
        assert [httpx.get(URL).status_code for _ in range(2)] == [404, 200]
        with pytest.raises(StopIteration):
            httpx.get(URL)


async def test_a_side_effect_that_is_async():
    async def effect(request):
        await asyncio.sleep(0)
        return httpx.Response(218, content=await request.aread())

    with respx.mock() as router:
        router.post(URL).mock(side_effect=effect)
        async with httpx.AsyncClient() as client:
            assert (await client.post(URL, content=b"sent")).content == b"sent"


def test_a_side_effect_may_decline():
    with respx.mock(assert_all_called=False) as router:
        router.get(URL).mock(side_effect=lambda _: None)
        router.route(url__startswith=URL).respond(218)
        assert httpx.get(URL).status_code == 218


def test_a_route_that_passes_through(unused_tcp_port):
    with respx.mock() as router:
        route = router.route(host="127.0.0.1").pass_through()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{unused_tcp_port}/")
        assert route.called


def test_named_routes_and_reuse():
    with respx.mock(base_url="https://shop.example") as router:
        router.get("/users/", name="list").respond(json=[])
        router["list"].respond(json=[1])
        assert httpx.get("https://shop.example/users/").json() == [1]
        assert router["list"].call_count == 1
        assert router.pop("list").called


def test_a_reusable_router_is_rolled_back():
    api = respx.mock(base_url="https://shop.example", assert_all_called=False)
    api.get("/a", name="a").respond(218)
    for _ in range(2):
        with api:
            api["a"].respond(219)
            api.get("/b").respond(218)
            assert httpx.get("https://shop.example/a").status_code == 219
        assert len(api.routes) == 1
    with api:
        assert httpx.get("https://shop.example/a").status_code == 218
        assert api["a"].call_count == 1


def test_a_later_route_with_the_same_pattern_takes_the_place_of_the_first():
    with respx.mock() as router:
        router.get(URL).respond(218)
        router.get(URL).respond(219)
        assert httpx.get(URL).status_code == 219
        assert len(router.routes) == 1


def test_operators_and_short_forms():
    with respx.mock() as router:
        router.get(f"{URL}a") % 218
        router.get(f"{URL}b") % {"json": {"b": 1}}
        router.get(f"{URL}c") % httpx.Response(219)
        assert httpx.get(f"{URL}a").status_code == 218
        assert httpx.get(f"{URL}b").json() == {"b": 1}
        assert httpx.get(f"{URL}c").status_code == 219


def test_the_history_of_calls():
    with respx.mock(assert_all_called=False) as router:
        router.post(URL).respond(201, json={"id": 1})
        httpx.post(URL, json={"n": 1})
        request, response = router.calls.last
        assert json.loads(request.content) == {"n": 1}
        assert response.json() == {"id": 1}
        router.calls.assert_called_once()
        router.reset()
        assert router.calls.call_count == 0


def test_two_routers_at_once():
    with respx.mock() as first, respx.mock() as second:
        first.get("https://a.example").respond(218)
        second.get("https://b.example").respond(219)
        assert httpx.get("https://a.example").status_code == 218
        assert httpx.get("https://b.example").status_code == 219


def test_a_handler_that_is_an_application():
    async def app(scope, _, send):
        await send({"type": "http.response.start", "status": 218, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    async def ask():
        async with respx.mock() as router:
            router.route(host="shop.example").mock(side_effect=respx.ASGIHandler(app))
            async with httpx.AsyncClient() as client:
                return await client.get(f"{URL}path")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.text) == (218, "/path")


def test_a_client_with_a_transport_of_its_own_is_not_mocked():
    transport = httpx.MockTransport(lambda _: httpx.Response(218))
    with respx.mock() as router, httpx.Client(transport=transport) as client:
        assert client.get(URL).status_code == 218
        assert router.calls.call_count == 0


def test_a_router_as_a_transport():
    router = respx.Router()
    router.get(URL).respond(218)
    with httpx.Client(transport=httpx.MockTransport(router.handler)) as client:
        assert client.get(URL).status_code == 218
