"""The operator's word on purchases, from the command line."""

from __future__ import annotations

from click.testing import CliRunner

from app.community.items.service import add_item
from app.community.purchases.commands import group
from app.community.purchases.queries import has_bought
from app.kernel.errors import NotFound
from app.platform.database import db
from tests.support.people import MemberFactory


def test_put_on_record_listed_and_withdrawn(member: MemberFactory) -> None:
    bo = member("bo")
    beans = add_item(bo, kind="product", title="Beans")

    def run(*words: str) -> str:
        done = CliRunner().invoke(group, list(words), catch_exceptions=True)
        db.session.rollback()
        return done.output if done.exit_code == 0 else type(done.exception).__name__

    record = run("add", "bo", beans).strip()
    assert has_bought(bo, beans)
    assert run("add", "bo", beans).strip() == record
    assert f"{record}  @bo  Beans  (operator, stands)" in run("list")
    assert run("withdraw", record) == ""
    assert not has_bought(bo, beans)
    assert run("list") == ""
    # Refusals are told in one line by the command that these belong to.
    assert run("add", "nobody", beans) == run("withdraw", "nothing") == NotFound.__name__
