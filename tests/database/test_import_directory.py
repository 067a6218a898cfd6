"""A directory of people (LDIF) becomes the staff, with departments and whom each reports to."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.errors import FileProblem
from crm_desktop.services.importing.readers.opening import open_source
from crm_desktop.services.workspace import Workspace
from tests.bases import ready_base
from tests.import_desk import bring_in, one, records, title

ANN = base64.b64encode("Анна Иванова".encode()).decode()
PEOPLE = f"""version: 1
# the seller stands before her head
dn: uid=anna,ou=people,dc=office
objectClass: inetOrgPerson
displayName:: {ANN}
cn: A. Ivanova
title: Seller
department: Wholesale
manager: UID=boris, OU=people, DC=office
mail: anna@office.example
telephoneNumber: +7 495 123-45
 -67
userPassword: {{SSHA}}secret
jpegPhoto:: /9j/4AAQSkZJRg==

dn: uid=boris,ou=people,dc=office
objectClass: inetOrgPerson
cn: Boris Head
ou: Wholesale
ou: People
mail: boris@office.example

dn: cn=printers,dc=office
objectClass: groupOfNames
cn: printers

dn: uid=gone,ou=people,dc=office
changetype: delete
"""


@pytest.fixture
def workspace(base_url: str) -> Iterator[Workspace]:
    made = ready_base(base_url, language="en")
    yield made
    made.close()


def write(folder: Path, text: str) -> Path:
    path = folder / "people.ldif"
    path.write_text(text, encoding="utf-8")
    return path


def test_heads_come_first_and_are_called_by_name(tmp_path: Path) -> None:
    with open_source(write(tmp_path, PEOPLE)) as source:
        sheet = source.sheet(0)
        rows = [dict(zip(sheet.names or (), row.cells, strict=True)) for row in sheet.rows()]

    assert [row["name"] for row in rows] == ["Boris Head", "Анна Иванова"]
    assert rows[1]["manager"] == "Boris Head" and rows[1]["phone"] == "+7 495 123-45-67"
    assert "secret" not in str(rows) and "userpassword" not in rows[1]


def test_the_staff_comes_in_and_goes_by_one_undo(workspace: Workspace, tmp_path: Path) -> None:
    before = len(records(workspace, "staff"))

    done = bring_in(workspace, write(tmp_path, PEOPLE), "staff")

    anna = one(workspace, "staff", name="Анна Иванова")
    assert title(workspace, "staff", anna["head"]) == "Boris Head"
    assert (anna["job_title"], anna["email"]) == ("Seller", "anna@office.example")
    assert title(workspace, "reference", anna["unit"]) == "Wholesale"
    assert one(workspace, "staff", name="Boris Head")["unit"] == anna["unit"]
    assert "123" in anna["phone"] and not anna["login"]
    assert done.operation is not None
    workspace.undo.undo(done.operation)
    assert len(records(workspace, "staff")) == before


def test_a_ring_of_heads_ends(tmp_path: Path) -> None:
    ring = "dn: cn=a\ncn: a\nmanager: cn=b\n\ndn: cn=b\ncn: b\nmanager: cn=a\n"

    with open_source(write(tmp_path, ring)) as source:
        rows = [row.cells for row in source.sheet(0).rows()]

    assert sorted(rows) == [("a", "b"), ("b", "a")]


def test_a_head_who_is_not_in_the_file_is_called_by_his_place(tmp_path: Path) -> None:
    text = "dn: cn=a\ncn: a\nmanager: CN=Lee\\, Ann,OU=x\n"

    with open_source(write(tmp_path, text)) as source:
        assert [row.cells for row in source.sheet(0).rows()] == [("a", "Lee, Ann")]


@settings(
    max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.sampled_from("dncmager:=, #\n\r<;\\0aя\ufeff"), max_size=150))
def test_any_letters_are_rows_or_a_problem(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, f"dn: cn=a\n{text}")
    try:
        with open_source(path) as source:
            numbers = [row.number for row in source.sheet(0).rows()]
    except FileProblem as problem:
        assert "people.ldif" in problem.message
    else:
        assert numbers == sorted(set(numbers))
