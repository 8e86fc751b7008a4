"""Home to families of products: which are told together, and which by themselves."""

from __future__ import annotations

JOINT = frozenset({"car", "defence"})


def family(product: str) -> str:
    """The family a product is told with: all cars together, all arms together, every other product by itself.

    >>> family("car.bev"), family("robot.industrial")
    ('car', 'robot.industrial')
    """
    head = product.partition(".")[0]
    return head if head in JOINT else product
