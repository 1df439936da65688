"""``setup_site``, ``/setup/``, ``import_people``."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Organisation, Team, User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

GIVEN = {
    "name": "Gwen Adeyemi",
    "email": "gwen.adeyemi@example.org",
    "organisation": "Riverbend University Library",
    "slug": "riverbend",
    "password": "quiet shelf lantern",
}


@pytest.fixture(autouse=True)
def own_var(settings, tmp_path, caplog):
    settings.VAR_DIR = tmp_path
    caplog.set_level("WARNING", logger="lendcraft.setup")


def code_in(caplog):
    return re.search(r"setup code is (\S+)", caplog.text).group(1)


def options(**more):
    return [f"--{name}={value}" for name, value in {**GIVEN, **more}.items()]


def test_the_command_makes_administrator_manager_and_instructor(capsys):
    call_command("setup_site", *options())
    person = User.objects.get()
    membership = Membership.objects.get()
    assert (person.is_superuser, person.is_staff) == (True, True)
    assert (membership.is_manager, membership.is_instructor, membership.is_primary) == (True, True, True)
    assert person.check_password(GIVEN["password"])
    assert "gwen.adeyemi@example.org" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [{"email": "no address"}, {"slug": "with space"}, {"password": "short"}, {"password": "1234567890"}]
)
def test_the_command_refuses_what_makes_no_sense_and_writes_nothing(wrong):
    with pytest.raises(CommandError):
        call_command("setup_site", *options(**wrong))
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


def test_the_command_names_what_it_was_not_told(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="--slug is missing"):
        call_command("setup_site", *options()[:3])


def test_the_command_works_once(site_admin):
    with pytest.raises(CommandError, match="administrator already"):
        call_command("setup_site", *options())


def test_the_page_works_with_the_code_from_the_log_and_then_disappears(client, db, caplog):
    assert client.get("/setup/").status_code == 200
    response = client.post("/setup/", {**GIVEN, "code": code_in(caplog)})
    assert response["Location"] == "/organisation/"
    assert client.get("/organisation/").status_code == 200
    assert User.objects.get().is_superuser
    client.logout()
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", {**GIVEN, "code": code_in(caplog)}).status_code == 404


def test_every_process_knows_the_same_code(client, db, caplog):
    client.get("/setup/")
    first = code_in(caplog)
    caplog.clear()
    client.get("/setup/")
    assert code_in(caplog) == first


def test_a_used_code_does_not_hold_again(client, db, caplog):
    client.get("/setup/")
    used = code_in(caplog)
    client.post("/setup/", {**GIVEN, "code": used})
    User.objects.update(is_superuser=False)
    client.logout()
    response = client.post("/setup/", {**GIVEN, "email": "x@example.org", "slug": "x", "code": used})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"code": "0000-0000-0000-0000"}, {"code": ""}, {"password": "short"}, {"email": "x"}, {"slug": "a b"}]
)
def test_a_wrong_entry_is_422_and_makes_nobody(client, db, caplog, wrong):
    client.get("/setup/")
    assert client.post("/setup/", {**GIVEN, "code": code_in(caplog)} | wrong).status_code == 422
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


def test_a_taken_short_name_is_said_at_the_field(client, library, caplog):
    client.get("/setup/")
    response = client.post("/setup/", {**GIVEN, "code": code_in(caplog)})
    assert response.status_code == 422
    assert 'id="id_slug_error"' in response.content.decode()
    assert not User.objects.exists()


def run(path, *more):
    call_command("import_people", str(path), "--organisation=riverbend", *more)


TABLE = """email,name,team,role,manager,instructor,time_zone
Rosa.Delgado@example.org,Rosa Delgado,Borrowing desk,trainee,,,America/Chicago
marcus.oyelaran@example.org,Marcus Oyelaran,Borrowing desk,supervisor,,,
marcus.oyelaran@example.org,Marcus Oyelaran,Lending desk,supervisor,,,
hana.whitcomb@example.org,Hana Whitcomb,,,yes,yes,
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "people.csv"

    def write(text):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_people_teams_and_roles_come_from_a_table(library, table, capsys):
    path = table(TABLE)
    run(path)
    assert json.loads(capsys.readouterr().out) == {"created": 3, "found": 1, "teams": 2, "places": 3}
    rosa = User.objects.get(email="rosa.delgado@example.org")
    assert (rosa.time_zone, rosa.has_usable_password()) == ("America/Chicago", False)
    assert set(Team.objects.values_list("name", flat=True)) == {"Borrowing desk", "Lending desk"}
    hana = Membership.objects.get(person__name="Hana Whitcomb")
    assert (hana.is_manager, hana.is_instructor) == (True, True)
    run(path)
    assert json.loads(capsys.readouterr().out)["created"] == 0
    assert User.objects.count() == 3


def test_a_dry_run_writes_nothing(library, table, capsys):
    run(table(TABLE), "--dry-run")
    assert json.loads(capsys.readouterr().out) == {"dry_run": True, "lines": 4}
    assert not User.objects.exists()


def test_every_fault_of_a_table_is_said_at_once_and_nothing_is_written(library, table):
    path = table(
        "email,name,team,role,manager,instructor,time_zone\n"
        "good@example.org,Good One,Desk,,,,\n"
        "no address,,Desk,king,maybe,,Mars/Olympus\n"
        "lead@example.org,Lead,,supervisor,,,\n"
        "good@example.org,Good One,desk,trainee,,,\n"
        "wide@example.org,Wide,Desk,trainee,,,,extra\n"
    )
    with pytest.raises(CommandError) as refusal:
        run(path)
    said = str(refusal.value).splitlines()
    assert [line.split(":")[1] for line in said] == ["3", "3", "3", "3", "3", "4", "5", "6"]
    assert all(line.startswith("people.csv:") for line in said)
    assert "stands in line 2 already" in said[6]
    assert not User.objects.exists()
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("email\nx@example.org\n", "no column “name”"),
        ("email,name,colour\nx@example.org,X,red\n", "“colour” is not a column"),
        ("", "no column “email”"),
        ('email,name\n"x@example.org,X\n', "quotation mark"),
    ],
)
def test_a_table_of_another_shape_is_refused(library, table, text, said):
    with pytest.raises(CommandError, match=said):
        run(table(text))
    assert not User.objects.exists()


def test_a_file_that_is_no_text_is_refused(library, tmp_path):
    (tmp_path / "people.csv").write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "people.csv")


def test_an_unknown_library_is_refused(table, db):
    with pytest.raises(CommandError, match="no organisation"):
        run(table(TABLE))


def test_a_person_of_another_library_keeps_it_as_the_primary_one(stranger, library, table):
    run(table(f"email,name\n{stranger.email},Tomasz Lind\n"))
    primary = Membership.objects.get(person=stranger, is_primary=True)
    assert primary.organisation.slug == "elsewhere"
    assert Membership.objects.filter(person=stranger, organisation=library).exists()


def test_import_keeps_the_name_a_person_chose(library, table):
    UserFactory(email="rosa.delgado@example.org", name="Rosa D.")
    run(table("email,name\nrosa.delgado@example.org,Rosa Delgado\n"))
    assert User.objects.get().name == "Rosa D."


def test_every_fault_of_the_page_is_said_at_once(client, db):
    response = client.post("/setup/", {**GIVEN, "code": "wrong", "password": "short", "slug": "a b"})
    assert set(response.context["form"].errors) == {"code", "password", "slug"}
