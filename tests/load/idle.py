"""What the instance is while nobody asks: its memory, and the durability under which every figure is taken."""

import time

from tests.load.instance import Figure, Instance, judged


def durability(instance: Instance, count: int) -> list[Figure]:
    """The two settings under which every figure here is taken."""
    del count
    with instance.database() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT @@innodb_flush_log_at_trx_commit, @@sync_binlog")
        flush, sync = cursor.fetchone()
    return [
        judged("innodb_flush_log_at_trx_commit", flush, flush, "", 1, most=flush == 1),
        judged("sync_binlog", sync, sync, "", 1, most=sync == 1),
    ]


def memory(instance: Instance, count: int) -> list[Figure]:
    """Proportional memory of the whole idle stack, every process of it."""
    del count
    time.sleep(2)
    values = []
    for _ in range(3):
        values.append(instance.memory())
        time.sleep(0.5)
    return [judged("whole idle stack, PSS", sorted(values)[1], max(values), "MB", 350)]
