"""Pinned to an address, certificates are still checked for the name."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import FetchError
from corpus.fetching.addresses import Allowance
from corpus.fetching.client import Fetcher
from corpus.fetching.limits import Limits
from tests.corpus.fetching.site import Site, dripping, moved, page, resolving

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """For news.example alone, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=a"
    names = "-addext subjectAltName=DNS:news.example -keyout key.pem -out cert.pem"
    subprocess.run(f"{command} {names}".split(), cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def names() -> list[str | None]:
    """Those that clients asked for in their handshakes."""
    return []


@pytest.fixture
def site(certificate: tuple[Path, Path], names: list[str | None]) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with Site(context) as site:
        site.says("/a", page(b"Safe."))
        yield site


def fetch(site: Site, path: str = "/a", host: str = "news.example", limits: Limits | None = None) -> bytes:
    allow = Allowance(frozenset({(host, site.port)}))
    limits = limits or Limits(pause=0, backoff=0.01)
    with Fetcher(limits=limits, allow=allow, resolver=resolving(["127.0.0.1"])[0]) as fetching:
        return fetching.fetch(f"https://{host}:{site.port}{path}").body


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.mark.usefixtures("trusted")
def test_the_name_is_kept(site: Site, names: list[str | None]) -> None:
    assert fetch(site) == b"Safe."
    assert names == ["news.example"] * 2
    assert f"\r\nHost: news.example:{site.port}\r\n".encode() in site.requests[-1]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_of_another_name_is_refused(site: Site, host: str) -> None:
    with pytest.raises(FetchError, match=r"certificate cannot be trusted \((Hostname|IP address) mismatch"):
        fetch(site, host=host)
    assert site.requests == []


def test_a_certificate_of_an_unknown_authority_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(FetchError, match=r"certificate cannot be trusted \(self-signed certificate\): check"):
        fetch(site)


@pytest.mark.usefixtures("trusted")
def test_a_slow_drip_and_a_redirect_to_another_scheme(site: Site) -> None:
    site.says("/drip", dripping(site, b"HTTP/1.1 200 OK\r\n\r\n"))
    with pytest.raises(FetchError, match="took longer than 1 s"):
        fetch(site, "/drip", limits=Limits(pause=0, seconds=1))
    site.says("/file", moved("file:///etc/passwd"))
    with pytest.raises(FetchError, match="only http: and https:"):
        fetch(site, "/file")


@pytest.mark.usefixtures("trusted")
def test_a_server_without_tls() -> None:
    with Site() as plain, pytest.raises(FetchError, match=r"robots\.txt of news\.example could not be read"):
        fetch(plain, limits=Limits(pause=0, backoff=0.01, silence=0.3))
