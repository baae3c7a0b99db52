"""Asking Crossref, against a server on this machine: answers in the API's shape, nonsense, redirects, too much, none.

The answers were written for these tests after the API's documentation; the works in them do not exist.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from articles import crossref, evidence, notices
from articles.models import Notice, Study
from fibroblog import limits
from tests.conftest import signed_in
from tests.factories import make_article, make_study, make_weighing

pytestmark = pytest.mark.django_db
DOI = "10.5555/warm-baths(2)"
ADD = "/admin/articles/study/add/"
RETRACTION = {
    "DOI": "10.5555/NOTICE.1",
    "type": "retraction",
    "label": "Retraction",
    "source": "retraction-watch",
    "updated": {"date-parts": [[2024, 5, 3]], "date-time": "2024-05-03T00:00:00Z", "timestamp": 1714694400000},
    "record-id": "12345",
}  # fmt: skip
WORK: dict[str, Any] = {
    "DOI": "10.5555/Warm-Baths(2)",
    "title": ["Warm baths &amp; <i>rest</i>"],
    "author": [
        {"given": "Ada Beth", "family": "Example", "sequence": "first", "affiliation": []},
        {"given": "C.-D.", "family": "Made-Up", "sequence": "additional"},
        {"name": "The Invented Group"},
    ],
    "container-title": ["Journal of Examples"],
    "issued": {"date-parts": [[2019, 4]]},
    "volume": "12",
    "issue": "3",
    "page": "45-67",
}


class Service:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        self.knows()

    def knows(self, **fields: Any) -> None:
        self.body = json.dumps(
            {"status": "ok", "message-type": "work", "message": {**WORK, **fields}}
        ).encode()


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            state.agents.append(self.headers["User-Agent"])
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # the one who asked went away
                self.wfile.write(state.body)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    settings.CROSSREF_URL = f"http://127.0.0.1:{server.server_port}"
    settings.CROSSREF_MAILTO = "editors+site@example.org"
    monkeypatch.setattr(limits, "CROSSREF_PAUSE_SECONDS", 0)
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_answer_is_read_in_words(service: Service) -> None:
    assert crossref.look_up(DOI) == crossref.Work(
        title="Warm baths & rest",
        authors="Example AB, Made-Up CD, The Invented Group",
        journal="Journal of Examples",
        year=2019,
        volume="12",
        issue="3",
        pages="45-67",
    )
    assert service.asked == ["/works/10.5555%2Fwarm-baths%282%29?mailto=editors%2Bsite%40example.org"]
    assert service.agents == ["Fibroblog (mailto:editors+site@example.org)"]


@pytest.mark.parametrize(
    "doi",
    ["", "10.5555/a b", "10.5555/../../admin", "10.5555/a\r\nHost: evil", "https://evil.example/10.5555/a"],
)
def test_what_is_no_doi_is_never_asked_about(service: Service, doi: str) -> None:
    with pytest.raises(crossref.NoAnswer, match="A DOI looks like"):
        crossref.look_up(doi)
    assert service.asked == []


@pytest.mark.parametrize(
    "doi", ["10.5555/a?b=c", "10.5555/a#b", "10.5555/a%2e%2e", "10.5555/@evil.example:80/"]
)
def test_no_doi_leads_elsewhere_than_to_a_work(service: Service, doi: str) -> None:
    with pytest.raises(crossref.NoAnswer):  # the server answers about another one
        crossref.look_up(doi)
    (path,) = service.asked
    assert path.startswith("/works/10.5555%2F")
    assert path.count("/") == 2
    assert path.count("?") == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (404, "does not know this DOI"),
        (429, "asks us to wait"),
        (500, "it answered 500"),
        (204, "it answered 204"),
    ],
)
def test_a_refusal_is_a_sentence(service: Service, status: int, sentence: str) -> None:
    service.status = status
    with pytest.raises(crossref.NoAnswer, match=sentence):
        crossref.look_up(DOI)


def test_no_redirect_is_followed(service: Service) -> None:
    service.status, service.headers = 302, {"Location": "/works/elsewhere"}
    with pytest.raises(crossref.Unreachable, match="302"):
        crossref.look_up(DOI)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'"text"', b"null", b'{"message": []}', b'{"message": {}}', b'{"message": {"DOI": 5}}', b"\xff\xfe", b"[" * 100_000],
)  # fmt: skip
def test_nonsense_is_refused_in_a_sentence(service: Service, body: bytes) -> None:
    service.body = body
    with pytest.raises(crossref.NoAnswer, match="Try again later"):
        crossref.look_up(DOI)


def test_an_answer_that_never_ends_is_cut_off(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crossref, "LARGEST", 1000)
    service.knows(abstract="x" * 5000)
    with pytest.raises(crossref.NoAnswer, match="too long"):
        crossref.look_up(DOI)


def test_nobody_there_is_a_sentence(service: Service, settings: Settings) -> None:
    settings.CROSSREF_URL = "http://127.0.0.1:9"
    with pytest.raises(crossref.Unreachable, match="did not answer in time"):
        crossref.look_up(DOI)


class Socket:
    def __init__(self, address: str) -> None:
        self.address = address

    def getpeername(self) -> tuple[str, int]:
        return (self.address, 443)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.5", "192.168.1.1", "169.254.169.254", "::1", "fd00::1"]
)
def test_a_private_address_behind_the_name_hears_nothing(
    service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings.CROSSREF_URL = "https://api.crossref.example"

    def arrive(connection: Any) -> None:
        connection.sock = Socket(address)

    monkeypatch.setattr("http.client.HTTPSConnection.connect", arrive)
    with pytest.raises(crossref.Unreachable, match="private address"):
        crossref.look_up(DOI)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": None}, {"title": []}, {"title": [None]}, {"title": "text"}, {"author": "x"}, {"author": [1, {}]},
        {"author": [{"family": 3}]}, {"issued": {"date-parts": [[None]]}}, {"issued": {"date-parts": [[99999]]}},
        {"issued": []}, {"volume": 12}, {"updated-by": "x"}, {"updated-by": [None, {}, {"type": 4}]},
    ],
)  # fmt: skip
def test_a_field_of_another_shape_counts_as_unknown(service: Service, fields: dict[str, Any]) -> None:
    service.knows(**fields)
    work = crossref.look_up(DOI)
    (name,) = fields
    known = {"title": work.title, "author": work.authors, "issued": work.year, "volume": work.volume}
    assert not known.get(name, work.notices)
    assert work.journal == "Journal of Examples", "the rest is read all the same"


def test_long_fields_are_cut_to_the_columns(service: Service) -> None:
    service.knows(title=["x" * 5000], page="9" * 99)
    work = crossref.look_up(DOI)
    assert (len(work.title), len(work.pages)) == (400, 40)


def test_notices_are_read_once_each_whoever_reports_them(service: Service) -> None:
    service.knows(
        **{
            "updated-by": [
                {**RETRACTION, "source": "publisher"},
                RETRACTION,
                {"DOI": "10.5555/n2", "type": "expression-of-concern", "updated": {"date-parts": [[2023]]}},
                {"DOI": "javascript:x", "type": "erratum"},
                {"DOI": "10.5555/n3", "type": "new_version"},
                {"DOI": "10.5555/n4", "type": "something_new"},
            ]
        }
    )
    assert crossref.look_up(DOI).notices == [
        crossref.Found(Notice.Kind.RETRACTION, "10.5555/notice.1", date(2024, 5, 3)),
        crossref.Found(Notice.Kind.CONCERN, "10.5555/n2", None),
        crossref.Found(Notice.Kind.CORRECTION, "", None),
        crossref.Found(Notice.Kind.OTHER, "10.5555/n4", None),
    ]


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def form(**fields: object) -> dict[str, Any]:
    rows = {
        f"{name}-{count}_FORMS": "0"
        for name in ("arms", "times", "outcomes")
        for count in ("TOTAL", "INITIAL")
    }
    return {"doi": DOI, "design": "", "source": "summary", **rows, **fields}


def test_the_button_fills_empty_fields_and_saves_nothing(service: Service, desk: Client) -> None:
    response = desk.post(ADD, form(_fill="Fill in", title="My own title", funding="Typed <b>words</b>"))
    assert response.status_code == 200
    page = response.content.decode()
    assert 'value="My own title"' in page, "what somebody typed stays"
    assert "Warm baths" not in page
    assert 'value="Example AB, Made-Up CD, The Invented Group"' in page
    assert "Typed &lt;b&gt;words&lt;/b&gt;" in page
    assert "Filled in: authors, journal or place, year, volume, issue, pages or article number." in page
    assert "errornote" not in page
    assert not Study.objects.exists()


def test_the_button_on_a_stored_study_changes_nothing_stored(service: Service, desk: Client) -> None:
    study = make_study(doi=DOI, title="Stored")
    address = f"/admin/articles/study/{study.pk}/change/"
    page = desk.post(address, form(_fill="Fill in", title="")).content.decode()
    assert 'value="Warm baths &amp; rest"' in page
    study.refresh_from_db()
    assert (study.title, study.journal) == ("Stored", "")


@pytest.mark.parametrize("status", [404, 503])
def test_when_there_is_no_answer_nothing_typed_is_lost(service: Service, desk: Client, status: int) -> None:
    service.status = status
    page = desk.post(ADD, form(_fill="Fill in", title="Mine", arms="")).content.decode()
    assert 'value="Mine"' in page
    assert "Crossref" in page
    assert not Study.objects.exists()


def test_only_who_may_keep_studies_makes_us_ask(service: Service, client: Client, moderator: User) -> None:
    assert client.post(ADD, form(_fill="Fill in")).status_code == 302
    assert signed_in(moderator).post(ADD, form(_fill="Fill in")).status_code == 403
    assert service.asked == []


def test_without_a_contact_address_there_is_no_button_and_no_question(
    service: Service, desk: Client, settings: Settings
) -> None:
    assert 'name="_fill"' in desk.get(ADD).content.decode()
    settings.CROSSREF_MAILTO = ""
    assert 'name="_fill"' not in desk.get(ADD).content.decode()
    make_weighing(make_article(), make_study(doi=DOI))
    assert notices.ask_again() == 0
    page = desk.post(ADD, form(_fill="Fill in", title="Mine")).content.decode()
    assert "no contact address" in page
    assert 'value="Mine"' in page
    assert service.asked == []


def test_the_worker_asks_about_studies_in_use_and_finds_a_retraction(service: Service, desk: Client) -> None:
    article = make_article()
    study = make_weighing(article, make_study(doi=DOI)).study
    make_study(doi="10.5555/unused")
    make_weighing(make_article(), make_study())  # without a DOI
    assert notices.ask_again() == 1
    assert not Notice.objects.exists()
    service.knows(**{"updated-by": [RETRACTION]})
    assert notices.ask_again() == 1
    notice = Notice.objects.get()
    assert (notice.study, notice.kind, notice.dated, notice.looked_at) == (
        study,
        "retraction",
        date(2024, 5, 3),
        None,
    )
    assert "<strong>1</strong> notice about studies" in desk.get("/admin/").content.decode()
    assert "Retracted: needs a look" in desk.get("/admin/articles/study/").content.decode()
    notices.ask_again()
    assert Notice.objects.count() == 1


def test_the_longest_unasked_comes_first_and_only_a_few_a_day(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CROSSREF_STUDIES_PER_DAY", 2)
    service.status = 404
    for number, year in enumerate((2026, None, 2024)):
        study = make_weighing(make_article(), make_study(doi=f"10.5555/{number}")).study
        Study.objects.filter(pk=study.pk).update(asked_at=year and datetime(year, 1, 1, tzinfo=UTC))
    assert notices.ask_again() == 2
    assert [path[:18] for path in service.asked] == ["/works/10.5555%2F1", "/works/10.5555%2F2"]


def test_when_crossref_is_down_the_round_ends_and_asks_the_same_again_later(service: Service) -> None:
    for number in range(3):
        make_weighing(make_article(), make_study(doi=f"10.5555/{number}"))
    service.status = 503
    assert notices.ask_again() == 0
    assert len(service.asked) == 1
    assert not Study.objects.exclude(asked_at=None).exists()


def test_filling_in_never_takes_what_is_there(service: Service) -> None:
    typed = {"title": "T", "authors": "  ", "year": "2018"}
    known = evidence.fill_in(f"https://doi.org/{DOI}", typed)
    assert "title" not in known
    assert "year" not in known
    assert known["authors"] == "Example AB, Made-Up CD, The Invented Group"
