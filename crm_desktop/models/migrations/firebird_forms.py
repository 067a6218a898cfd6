"""What Alembic needs to know of Firebird: that it exists, and how it writes ALTER TABLE."""

from __future__ import annotations

from typing import Any

from alembic.ddl import base
from alembic.ddl.impl import DefaultImpl
from sqlalchemy.ext.compiler import compiles

_NAME = "firebird"


def register() -> None:
    """Makes Alembic take Firebird; the same a second time."""

    class FirebirdImpl(DefaultImpl):
        """Alembic finds its implementations by the dialect's name when the class is made."""

        __dialect__ = _NAME
        transactional_ddl = True

    for element, form in _FORMS.items():
        compiles(element, _NAME)(form)


def _table(element: Any, compiler: Any) -> str:
    return f"ALTER TABLE {base.format_table_name(compiler, element.table_name, element.schema)}"


def _column(element: Any, compiler: Any) -> str:
    return base.format_column_name(compiler, element.column_name)


def _add(element: Any, compiler: Any, **options: Any) -> str:
    column = compiler.get_column_specification(element.column, **options)
    return f"{_table(element, compiler)} ADD {column}"


def _drop(element: Any, compiler: Any, **_options: Any) -> str:
    column = base.format_column_name(compiler, element.column.name)
    return f"{_table(element, compiler)} DROP {column}"


def _type(element: Any, compiler: Any, **_options: Any) -> str:
    kind = compiler.dialect.type_compiler_instance.process(element.type_)
    return f"{_table(element, compiler)} ALTER {_column(element, compiler)} TYPE {kind}"


def _nullable(element: Any, compiler: Any, **_options: Any) -> str:
    verb = "DROP" if element.nullable else "SET"
    return f"{_table(element, compiler)} ALTER {_column(element, compiler)} {verb} NOT NULL"


def _name(element: Any, compiler: Any, **_options: Any) -> str:
    new = base.format_column_name(compiler, element.newname)
    return f"{_table(element, compiler)} ALTER {_column(element, compiler)} TO {new}"


def _default(element: Any, compiler: Any, **_options: Any) -> str:
    given = element.default
    change = (
        "DROP DEFAULT"
        if given is None
        else f"SET DEFAULT {base.format_server_default(compiler, given)}"
    )
    return f"{_table(element, compiler)} ALTER {_column(element, compiler)} {change}"


_FORMS = {
    base.AddColumn: _add,
    base.DropColumn: _drop,
    base.ColumnType: _type,
    base.ColumnNullable: _nullable,
    base.ColumnName: _name,
    base.ColumnDefault: _default,
}
