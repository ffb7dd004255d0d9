"""Believable names and towns, by language and country. All made up from common names; nobody is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from rapport.config.demo.dice import Dice


@dataclass(frozen=True, slots=True)
class Town:
    """A town, its share among the customers of each language, and the days a delivery there is given."""

    name: str
    country: str
    share: Mapping[str, float]
    delivery_days: int


TOWNS = (
    Town("Nairobi", "KE", {"en": 40, "sw": 28, "es": 38, "pt": 32}, 2),
    Town("Mombasa", "KE", {"en": 9, "sw": 17, "es": 6, "pt": 5}, 3),
    Town("Kisumu", "KE", {"en": 8, "sw": 7}, 3),
    Town("Nakuru", "KE", {"en": 8, "sw": 8, "es": 4}, 3),
    Town("Eldoret", "KE", {"en": 6, "sw": 6}, 3),
    Town("Thika", "KE", {"en": 5, "sw": 5}, 2),
    Town("Nyeri", "KE", {"en": 4, "sw": 4}, 3),
    Town("Machakos", "KE", {"en": 3, "sw": 4}, 3),
    Town("Meru", "KE", {"en": 3, "sw": 3}, 4),
    Town("Kakamega", "KE", {"en": 3, "sw": 3}, 4),
    Town("Malindi", "KE", {"en": 2, "sw": 4, "es": 5, "pt": 3}, 4),
    Town("Kitale", "KE", {"en": 2, "sw": 2}, 4),
    Town("Garissa", "KE", {"en": 1, "sw": 2}, 4),
    Town("Kampala", "UG", {"en": 4}, 6),
    Town("Jinja", "UG", {"en": 1}, 6),
    Town("Arusha", "TZ", {"en": 1, "sw": 3}, 6),
    Town("Dar es Salaam", "TZ", {"sw": 4}, 7),
    Town("Maputo", "MZ", {"pt": 38}, 8),
    Town("Beira", "MZ", {"pt": 12}, 8),
    Town("Malabo", "GQ", {"es": 42}, 8),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_KENYAN_FIRST = _words(
    """
    Wanjiku Njeri Wambui Nyambura Wangari Muthoni Wairimu Akinyi Atieno Adhiambo Awuor Anyango Achieng
    Chebet Jepkosgei Chelimo Jerotich Nafula Nekesa Naliaka Mumbua Mwende Ndinda Kanini Makena Kendi
    Halima Fatuma Zainab Mwanaisha Rehema Saida Faith Grace Mercy Joy Purity Esther Ruth Naomi
    Caroline Lilian Beatrice Kamau Mwangi Njoroge Kariuki Maina Githinji Ochieng Omondi Odhiambo
    Kipchoge Kiprono Cheruiyot Kiplagat Wekesa Wafula Barasa Simiyu Mutua Musyoka Kioko Mutinda
    Kimathi Hassan Abdi Omar Salim Juma Bakari Brian Kevin Dennis Victor Collins Samuel Daniel Peter
    Joseph Stephen Moses Emmanuel Felix Eric Geoffrey
    """
)
_KENYAN_LAST = _words(
    """
    Mwangi Kamau Njoroge Kariuki Maina Kimani Ndungu Waweru Gitau Karanja Mugo Wachira Otieno Ochieng
    Odhiambo Omondi Onyango Ouma Owino Okoth Opiyo Koech Kiptoo Rotich Cheruiyot Kiprotich Langat Bett
    Wekesa Wafula Barasa Simiyu Wanyama Makokha Shikuku Mutua Musyoka Kioko Mutinda Nzioka Kyalo Muli
    Murithi Mutuma Kinyua Gikunda Hassan Abdi Mohamed Ali Omar Yusuf Salim Mwinyi Juma Kombo Mwakio
    Nyaga Njue Ireri Nyabuto Ongeri Moraa Kerubo
    """
)
_UGANDAN_FIRST = _words(
    """
    Nakato Babirye Namukasa Nansubuga Kato Wasswa Mukasa Ssali Okello Opio Akello Apio
    """
)
_UGANDAN_LAST = _words(
    """
    Mugisha Nsubuga Kato Ssemwogerere Lubega Okello Byaruhanga Tumusiime Kizito Ocen
    """
)
_TANZANIAN_FIRST = _words(
    """
    Neema Rehema Zuhura Mwajuma Upendo Asha Hamisi Jabiri Said Elia Goodluck
    """
)
_TANZANIAN_LAST = _words(
    """
    Mushi Massawe Kimaro Mrema Lyimo Shayo Mollel Komba Mwakyusa Kweka Msuya Sanga
    """
)
_PORTUGUESE_FIRST = _words(
    """
    Ana Carla Celeste Graça Isabel Joana Lurdes Marta Paula Rosa Sónia Telma Alberto António Armando
    Carlos Edson Hélder Jorge Luís Manuel Nelson Osvaldo Rui Sérgio
    """
)
_PORTUGUESE_LAST = _words(
    """
    Mondlane Machava Cossa Chissano Macamo Nhantumbo Sitoe Tembe Matusse Langa Mabunda Muianga Pereira
    Gomes Ferreira Santos da-Silva Carvalho
    """
)
_SPANISH_FIRST = _words(
    """
    Carmen Elena Isabel Julia Laura Lucía María Marta Pilar Raquel Teresa Alejandro Andrés Antonio
    Diego Fernando Javier Jesús José Manuel Pablo Santiago
    """
)
_SPANISH_LAST = _words(
    """
    Nguema Obiang Ndong Mba Esono Nsue Ondo Bolekia Boleká Rocha Fernández García López Martínez Ruiz
    Sánchez Torres Vidal
    """
)
_BY_COUNTRY = {
    "UG": (_UGANDAN_FIRST, _UGANDAN_LAST),
    "TZ": (_TANZANIAN_FIRST, _TANZANIAN_LAST),
}
_BY_LANGUAGE = {
    "pt": (_PORTUGUESE_FIRST, _PORTUGUESE_LAST),
    "es": (_SPANISH_FIRST, _SPANISH_LAST),
}


def full_name(dice: Dice, *, language: str, country: str) -> str:
    """Return a first and a last name that differ."""
    firsts, lasts = _BY_LANGUAGE.get(language) or _BY_COUNTRY.get(country) or (_KENYAN_FIRST, _KENYAN_LAST)
    first = dice.pick(firsts)
    last = dice.pick([name for name in lasts if name != first])
    return f"{first} {last.replace('-', ' ')}"


def plain(name: str) -> str:
    """Return a name in lower-case ASCII letters, words joined by dots, as it stands in a mail address."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return ".".join(bare.lower().split())
