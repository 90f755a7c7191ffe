"""``erp migrate``, ``erp backup``, ``erp restore``."""

import sys
from pathlib import Path

import click

from erp.kernel.database.backup import BackupFailed, back_up, bring_back
from erp.kernel.database.migrate import migrate as run_migrations


@click.command()
@click.option("--quiet", is_flag=True, help="say nothing when there is nothing to do")
def migrate(quiet: bool) -> None:
    """Bring the database to the newest schema and seed rights."""
    done = run_migrations()
    if done or not quiet:
        print("\n".join(f"migrated {one}" for one in done) or "nothing to migrate")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Write the database and the attachments into FOLDER, with checksums."""
    try:
        made = back_up(folder)
    except BackupFailed as failed:
        sys.exit(f"erp: {failed}")
    print(f"backup {made}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--yes", is_flag=True, help="replace the present content without asking")
def restore(folder: Path, yes: bool) -> None:
    """Replace the present content by a backup, then audit it."""
    if not yes:
        click.confirm("Everything in this installation is replaced by the backup. Go on?", abort=True)
    try:
        findings = bring_back(folder)
    except BackupFailed as failed:
        sys.exit(f"erp: {failed}")
    broken = [one for one in findings if not one.ok]
    print(f"restored; audit: {len(findings) - len(broken)} checks passed, {len(broken)} failed")
    for one in broken:
        print(f"  {one.name}: {', '.join(one.documents[:5])}")
    sys.exit(1 if broken else 0)


commands: list[click.Command] = [migrate, backup, restore]
