"""The declarative base and the database handle; nothing else creates engines or sessions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Boolean, Date, MetaData, String, Table, Text, event
from sqlalchemy.dialects.mysql import JSON
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import Pool, PoolResetState

from erp.kernel.records import types as t

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        t.Money: t.Exact(*t.DIGITS["money"], "money"),
        t.Price: t.Exact(*t.DIGITS["price"], "price"),
        t.Quantity: t.Exact(*t.DIGITS["quantity"], "quantity"),
        t.Factor: t.Exact(*t.DIGITS["factor"], "factor"),
        t.Percent: t.Exact(*t.DIGITS["percent"], "percent"),
        t.Code: t.CodeText(),
        t.Name: String(255, collation=t.NAME_COLLATION),
        t.LongText: Text(),
        t.Currency: String(3, collation=t.BINARY_COLLATION),
        t.Choice: String(64, collation=t.BINARY_COLLATION),
        t.Tags: t.TagList(none_as_null=True),
        t.Json: JSON(none_as_null=True),
        t.JsonList: t.RowList(none_as_null=True),
        t.Instant: t.instant_type(),
        datetime: t.instant_type(),
        date: Date(),
        Decimal: t.Exact(*t.DIGITS["money"], "money"),
        int: BigInteger(),
        bool: Boolean(create_constraint=False),
        str: String(255, collation=t.NAME_COLLATION),
    }


def table_of(cls: type[Base]) -> Table:
    """Return the table of a class, for statements that need no objects."""
    return cast("Table", cls.__table__)


db = SQLAlchemy(metadata=Base.metadata, session_options={"autoflush": False, "expire_on_commit": False})

IN_TRANSACTION = 1
"""The flag by which the server says, with every answer, that a transaction is open (SERVER_STATUS_IN_TRANS)."""


@event.listens_for(Pool, "reset")
def end_transaction(connection: Any, record: Any, state: PoolResetState) -> None:
    """Roll back what a returned connection left open, and spare the server the question when nothing is."""
    del record
    if not state.terminate_only and getattr(connection, "server_status", IN_TRANSACTION) & IN_TRANSACTION:
        connection.rollback()
