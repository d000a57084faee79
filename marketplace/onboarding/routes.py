"""A supplier coming in: its pages. Registering, signing and keeping have modules of their own."""

from fastapi import APIRouter

from marketplace.core.context import Opening
from marketplace.onboarding import keeping, registering, signing

router = APIRouter(route_class=Opening)
for _part in (registering, signing, keeping):
    router.routes.extend(_part.router.routes)
