"""Each request has an id, which its log lines and its tasks carry."""

import json
import logging
from types import SimpleNamespace

import pytest

from core import logs
from core.tasks import drop_request_id, take_request_id

GIVEN = "library-proxy-0123456789"


def test_an_answer_names_its_request(client):
    assert len(client.get("/health/live")["X-Request-ID"]) == 32


def test_a_proxys_id_is_kept(client):
    assert client.get("/health/live", headers={"X-Request-ID": GIVEN})["X-Request-ID"] == GIVEN


@pytest.mark.parametrize("nonsense", ["short", "x" * 65, 'quote"quote"quote', "line\tbreak-line"])
def test_nonsense_is_not_taken_into_the_logs(client, nonsense):
    assert client.get("/health/live", headers={"X-Request-ID": nonsense})["X-Request-ID"] != nonsense


def test_a_request_is_logged_as_one_json_line(client, caplog):
    with caplog.at_level(logging.INFO, logger="lendcraft.request"):
        client.get("/health/live", headers={"X-Request-ID": GIVEN})
    [record] = [record for record in caplog.records if record.name == "lendcraft.request"]
    line = json.loads(logs.JsonFormatter().format(record))
    assert (line["method"], line["path"], line["status"]) == ("GET", "/health/live", 200)


def test_an_error_that_django_logs_later_still_names_its_request():
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Not Found: /x", (), None)
    record.request = SimpleNamespace(id=GIVEN)
    assert json.loads(logs.JsonFormatter().format(record))["request_id"] == GIVEN


def test_a_task_logs_under_the_id_of_the_request_that_sent_it():
    record = logging.LogRecord("progress", logging.INFO, __file__, 1, "rendered", (), None)
    take_request_id(task=SimpleNamespace(request=SimpleNamespace(request_id=GIVEN)))
    assert json.loads(logs.JsonFormatter().format(record))["request_id"] == GIVEN
    drop_request_id()
    assert json.loads(logs.JsonFormatter().format(record))["request_id"] == ""
