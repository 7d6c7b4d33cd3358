"""The words by which the rules know attempts to take a deal away from the site. Data only.

Each line is a phrase of folded words (without case and accents); `*` stands for up to four words.
Languages: English, German, Swedish, Danish and Norwegian, French, Spanish, Italian, Portuguese, Dutch,
Polish, Turkish, Chinese.
"""

from __future__ import annotations

from typing import Final

# Ways of paying that nobody gets back.
UNTRACEABLE: Final = """
western union
moneygram
gift card code
gift cards
itunes card
steam card
steam cards
google play card
paysafecard
paysafe code
pay * bitcoin
pay * crypto
pay * usdt
in bitcoin
send bitcoin
send btc
send usdt
crypto wallet
geschenkkarte * code
guthabenkarte
mit bitcoin
presentkort * kod
betala * bitcoin
gavekort * kode
carte cadeau * code
carte pcs
en bitcoin
tarjeta de regalo
pagar * bitcoin
carta regalo * codice
pagare * bitcoin
cartao presente
cadeaukaart * code
betalen * bitcoin
karta podarunkowa
bitcoin ile
礼品卡
比特币付
西联汇款
"""

# Paying past the site.
PAY_OUTSIDE: Final = """
pay * outside
outside the app
outside the site
outside of kinmarket
pay * bank transfer
by bank transfer
wire transfer
wire * money
friends and family
pay * in advance
pay upfront
pay up front
pay * deposit first
send * money first
cash app
zelle
vorkasse
per uberweisung
geld * uberweisen
freunde und familie
anzahlung * uberweisen
betala i forskott
i forskott
swisha * forst
utanfor appen
forskudd * betale
forudbetaling
virement bancaire
payer * avance
hors du site
transferencia bancaria
pagar * adelantado
fuera de la aplicacion
bonifico * anticipo
pagamento anticipato
transferencia antecipada
pagar * adiantado
vooraf betalen
buiten de app
przelew * z gory
przedplata
havale ile
on odeme
银行转账
先付款
先转账
站外交易
微信转账
"""

# What nobody needs to know from a buyer or a seller.
SECRET: Final = """
verification code
your password
one time code
sms code
security code
code * you received
card number
cvv
pin code
log in * confirm
verify your account
account * suspended
bestatigungscode
dein passwort
ihr passwort
kartennummer
sicherheitscode
verifieringskod
ditt losenord
kortnummer
bankid * logga in
code de verification
votre mot de passe
numero de carte
codigo de verificacion
su contrasena
numero de tarjeta
codice di verifica
la tua password
numero di carta
codigo de verificacao
sua senha
verificatiecode
je wachtwoord
kod weryfikacyjny
twoje haslo
dogrulama kodu
sifreniz
验证码
你的密码
银行卡号
"""  # noqa: S105 - words, no password

# Away to a place where nobody sees it.
ELSEWHERE: Final = """
whatsapp
telegram
text me at
contact me on
write * me at
viber
kik me
schreib * auf whatsapp
wechat
加微信
加我微信
"""

# Hosts that hide where a link leads.
SHORTENERS: Final = frozenset(
    {
        *("bit.ly", "tinyurl.com", "t.co", "goo.gl", "is.gd", "cutt.ly", "rebrand.ly", "ow.ly", "shorturl.at"),
        *("rb.gy", "buff.ly", "t.ly", "tiny.cc", "s.id", "v.gd", "lnkd.in", "surl.li", "qrco.de"),
    }
)

# Shops, banks and carriers whose names are worn by others.
KNOWN_HOSTS: Final = (
    *("paypal.com", "ebay.com", "amazon.com", "klarna.com", "stripe.com", "wise.com", "revolut.com"),
    *("blocket.se", "tradera.com", "vinted.com", "etsy.com", "leboncoin.fr", "marktplaats.nl", "allegro.pl"),
    *("kleinanzeigen.de", "postnord.se", "dhl.com", "dhl.de", "ups.com", "fedex.com", "gls-group.eu", "hermes.com"),
    *("swedbank.se", "nordea.com", "seb.se", "handelsbanken.se", "bankid.com", "sparkasse.de", "ing.com"),
    *("santander.com", "bnpparibas.com", "hsbc.com", "barclays.co.uk", "chase.com", "wellsfargo.com"),
    *("google.com", "apple.com", "icloud.com", "microsoft.com", "facebook.com", "instagram.com", "whatsapp.com"),
    *("netflix.com", "binance.com", "coinbase.com", "taobao.com", "alipay.com"),
)
