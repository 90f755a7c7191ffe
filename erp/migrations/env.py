"""How Alembic reaches the database: one connection, each statement committed by itself, as MariaDB's DDL does."""

from alembic import context
from sqlalchemy import create_engine

engine = create_engine(str(context.config.get_main_option("sqlalchemy.url")))
with engine.connect() as connection:
    table = context.config.get_main_option("version_table") or "alembic_version"
    context.configure(connection=connection, transaction_per_migration=True, version_table=table)
    with context.begin_transaction():
        context.run_migrations()
