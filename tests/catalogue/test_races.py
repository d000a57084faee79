"""Two people press at the same moment about one product, each through a process of their own."""

import pytest
from sqlmodel import select

from marketplace.catalogue.models import EditStage, Product, ProductEdit, ProductUse, Stage
from tests.catalogue.test_drafting import BASICS
from tests.core.test_races import ROUNDS, both, events, hands, one_of_them

__all__ = ["both", "hands"]


@pytest.fixture
def waiting(make, session):
    """A listed product whose summary changed once since LOTI looked."""
    supplier = make.supplier()
    manager = make.manager(supplier)

    def waiting():
        product = make.product(supplier, name="Roundwise", summary="Now")
        answers = {"name": "Roundwise", "summary": "Now", "description": product.description}
        edit = make(
            ProductEdit(
                product_id=product.id,
                section="basics",
                before=answers | {"summary": "Before"},
                after=answers,
                saved_at=product.created_at,
            )
        )
        return manager, product, f"/products/edits/{edit.id}"

    return waiting


def test_two_curators_decide_about_one_change_and_it_is_decided_once(make, both, session, waiting):
    first, second = make.curator(), make.curator()
    for _ in range(ROUNDS):
        _, product, place = waiting()
        sent = {"saves": "1", "because": "No."}
        told = both((first, (f"{place}/acknowledge", sent)), (second, (f"{place}/revert", sent)))
        one_of_them(told, "You cannot")
        session.rollback()
        decided = session.exec(
            select(ProductEdit).where(ProductEdit.product_id == product.id)
        ).one()
        kept = session.get_one(Product, product.id, populate_existing=True)
        reverted = decided.stage is EditStage.REVERTED
        assert kept.summary == ("Before" if reverted else "Now")
        session.rollback()


def test_a_supplier_saves_while_a_curator_takes_back_and_who_is_second_is_told(
    make, both, session, waiting
):
    curator = make.curator()
    for _ in range(ROUNDS):
        manager, product, place = waiting()
        answers = BASICS | {"summary": "Newer", "description": product.description}
        saves = (f"/products/{product.id}/edit/basics", answers)
        (saved, told), (took, why) = both(
            (manager, saves), (curator, (f"{place}/revert", {"saves": "1", "because": "No."}))
        )
        assert sorted((saved, took)) == [303, 409]
        assert "changed this part after you opened it" in told or "changed this again" in why
        session.rollback()
        kept = session.get_one(Product, product.id, populate_existing=True)
        assert kept.summary == ("Newer" if saved == 303 else "Before")
        session.rollback()


def test_two_colleagues_say_at_once_that_their_authority_uses_it(make, both, session):
    product = make.product(make.supplier())
    for turn in range(ROUNDS):
        camden = make.authority(f"Borough {turn}")
        first, second = make.author(camden), make.approver(camden)
        press = (f"/products/{product.id}/use/confirm", {"extension": "None"})
        assert [status for status, _ in both((first, press), (second, press))] == [303, 303]
        session.rollback()
        assert len(session.exec(select(ProductUse)).all()) == turn + 1
        session.rollback()


def test_two_colleagues_copy_one_product_and_there_is_one_copy(make, both, session):
    supplier = make.supplier()
    first, second = make.manager(supplier), make.manager(supplier)
    for turn in range(ROUNDS):
        product = make.product(supplier)
        press = (f"/products/{product.id}/copy", {})
        one_of_them(both((first, press), (second, press)), "There is a draft copied")
        assert events(session, "product.copy") == turn + 1
        drafts = session.exec(select(Product).where(Product.stage == Stage.DRAFT)).all()
        assert len(drafts) == turn + 1
        session.rollback()
