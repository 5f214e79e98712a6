"""Words that name a country, folded: a firm and its subsidiary there differ by one of them.

Facts: short names and adjectives in French, English and the country's own language.
"""

from __future__ import annotations

COUNTRY_WORDS = frozenset(
    """
    afrique africa algerie algeria allemagne germany german deutschland allemand america american amerique argentina
    argentine asia asie asian australia australie australian austria autriche osterreich austrian belgium
    belgique belgie belgian belge benelux brasil brazil bresil brazilian bulgaria bulgarie canada canadian chile chili
    china chine chinese chinois colombia colombie croatia croatie cyprus chypre czech tcheque denmark danemark danmark
    danish danois deutsche egypt egypte england english espana spain espagne spanish espagnol estonia estonie europe
    european europa europeen europeenne finland finlande suomi france french francais francaise greece grece greek
    hellas hong kong hungary hongrie magyarorszag iceland islande india inde indian indonesia indonesie iberia iberica
    ireland irlande irish israel italy italie italia italian italiana japan japon nippon japanese kazakhstan korea coree
    korean latvia lettonie lithuania lituanie luxembourg luxemburg malaysia malaisie malta malte maroc morocco mexico
    mexique nederland netherlands holland hollande neerlandais dutch norge norway norvege norwegian pakistan peru perou
    philippines poland pologne polska polish portugal portuguese quebec romania roumanie rossiia russia russie russian
    saudi schweiz suisse svizzera switzerland swiss scandinavia scotland ecosse senegal serbia serbie singapore
    singapour slovakia slovaquie slovenia slovenie suede sweden sverige swedish suedois taiwan
    thailand thailande tunisia tunisie turkey turquie turkiye turkish uk ukraine us vietnam wales
    """.split()  # noqa: SIM905 -- words read as words
)
