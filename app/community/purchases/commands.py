"""`kinmarket evidence …`: the operator's word on who bought what."""

from __future__ import annotations

import click

from app.community.purchases import queries, service
from app.community.purchases.values import BY_OPERATOR
from app.kernel.ids import ItemId, PurchaseId
from app.people.accounts.queries import member_id


@click.group()
def group() -> None:
    """Evidence of purchases, which marks recommendations as bought."""


@group.command()
@click.argument("handle")
@click.argument("item_id")
def add(handle: str, item_id: ItemId) -> None:
    """Put on record that a member bought an item; prints the id of the record."""
    click.echo(service.keep_purchase(member_id(handle), item_id, BY_OPERATOR))


@group.command()
@click.argument("evidence_id")
def withdraw(evidence_id: PurchaseId) -> None:
    """Take a record back."""
    queries.get_occasion(evidence_id)
    service.drop_purchase(evidence_id)


@group.command("list")
@click.option("--top", default=20, show_default=True, type=click.IntRange(1, 1000))
def list_records(top: int) -> None:
    """What is on record, newest first."""
    for one in queries.recorded(limit=top).items:
        click.echo(f"{one.id}  @{one.member.handle}  {one.item_title}  ({one.occasion}, {one.state})")
