"""What the two brands sell, and how a basket is filled."""

from __future__ import annotations

from typing import NamedTuple

from rapport.config.demo.company import Brand, Kind, Product
from rapport.config.demo.dice import Dice

BRANDS = [
    Brand(key="duka", name="Duka la Wanjiru", domain="duka-la-wanjiru.example"),
    Brand(key="shamba", name="Shamba Fresh", domain="shamba-fresh.example"),
]
MAIN_BRAND, SECOND_BRAND = 0, 1

# Category, then (name, price in whole shillings).
_DUKA: dict[str, list[tuple[str, int]]] = {
    "kitchen": [
        ("electric kettle 1.7 L", 2_450),
        ("pressure cooker 6 L", 6_800),
        ("non-stick sufuria set", 3_950),
        ("charcoal saver jiko", 2_900),
        ("glass mug set of 6", 1_150),
        ("blender 500 W", 4_300),
    ],
    "home": [
        ("double duvet, grey", 4_850),
        ("mosquito net 6x6", 1_650),
        ("bathroom towel pair", 1_800),
        ("solar lantern", 2_200),
        ("storage box 45 L", 1_350),
        ("curtain pair, cream", 3_200),
    ],
    "phones": [
        ("phone charger 33 W", 1_400),
        ("power bank 20,000 mAh", 3_300),
        ("pair of wireless earphones", 2_750),
        ("phone cover, clear", 650),
        ("smart watch S2", 5_900),
        ("Bluetooth speaker", 3_600),
    ],
    "fashion": [
        ("kitenge tote bag", 1_250),
        ("pair of leather sandals", 2_600),
        ("maasai shuka", 1_900),
        ("pair of canvas shoes, white", 2_350),
        ("school backpack", 2_150),
        ("rain jacket", 3_450),
    ],
}
_SHAMBA: dict[str, list[tuple[str, int]]] = {
    "pantry": [
        ("Kilifi honey 500 g", 850),
        ("Nyeri AA coffee 250 g", 780),
        ("Kericho tea 500 g", 520),
        ("bag of macadamia nuts 400 g", 1_150),
        ("coconut oil 750 ml", 980),
    ],
    "fresh box": [
        ("family vegetable box", 1_950),
        ("small vegetable box", 1_200),
        ("fruit basket", 1_600),
        ("tray of 20 avocados", 900),
        ("tray of free-range eggs", 560),
    ],
}
_ELECTRIC = ("electric kettle 1.7 L", "blender 500 W", "solar lantern")
_CLOTH = ("double duvet, grey", "mosquito net 6x6", "bathroom towel pair", "curtain pair, cream")
_KINDS: dict[str, Kind] = {"phones": "electric", "fashion": "wear", "pantry": "food", "fresh box": "food"}


class Line(NamedTuple):
    """One product in a basket and how many of it."""

    product: int
    quantity: int


def catalogue() -> list[Product]:
    """Return every product, numbered within its brand."""
    products: list[Product] = []
    for brand, prefix, shelves in ((MAIN_BRAND, "DW", _DUKA), (SECOND_BRAND, "SF", _SHAMBA)):
        for category, goods in shelves.items():
            for name, shillings in goods:
                sku = f"{prefix}-{len(products) + 101}"
                kind = _KINDS.get(category, _kind_of_household_good(name))
                products.append(Product(sku, name, brand, category, kind, price=shillings * 100))
    return products


def _kind_of_household_good(name: str) -> Kind:
    if name in _ELECTRIC:
        return "electric"
    return "wear" if name in _CLOTH else "ware"


class Shelf:
    """Finds products of a brand, preferring the category a customer keeps coming back to."""

    def __init__(self, products: list[Product]) -> None:
        self.products = products
        self._by_brand = {
            brand: [n for n, product in enumerate(products) if product.brand == brand]
            for brand in (MAIN_BRAND, SECOND_BRAND)
        }
        self._by_category: dict[str, list[int]] = {}
        for number, product in enumerate(products):
            self._by_category.setdefault(product.category, []).append(number)
        self._categories = {
            brand: sorted({products[n].category for n in numbers})
            for brand, numbers in self._by_brand.items()
        }

    def look_at(self, dice: Dice, *, brand: int, taste: float) -> int:
        """Return a product: 65 % from the favourite category that ``taste`` (0 to 1) stands for."""
        if dice.chance(0.65):
            categories = self._categories[brand]
            return dice.pick(self._by_category[categories[int(taste * len(categories))]])
        return dice.pick(self._by_brand[brand])

    def basket(self, dice: Dice, *, brand: int, taste: float, reseller: bool) -> list[Line]:
        """Return one to four different products; resellers buy several of each."""
        wanted = 1 + dice.below(2) + (1 if dice.chance(0.2) else 0) + (1 if reseller else 0)
        chosen: dict[int, int] = {}
        for _ in range(wanted):
            product = self.look_at(dice, brand=brand, taste=taste)
            chosen[product] = chosen.get(product, 0) + (1 + dice.below(5) if reseller else 1)
        return [Line(product, quantity) for product, quantity in chosen.items()]

    def amount(self, basket: list[Line]) -> int:
        """Return what the basket costs, in minor units."""
        return sum(self.products[line.product].price * line.quantity for line in basket)
