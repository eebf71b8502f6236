"""Tell the banners of mail gateways from what customers write."""

import pytest

from domain.intake.mail_banners import without_banner, without_banners
from tests.growth import assert_linear

SAID = "Order 4471 is late."
BANNERS = """
CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.
CAUTION: This email originated from outside of the organization. Do not{}click links or open attachments unless you recognize the sender and know{}the content is safe.
[EXTERNAL]
[EXTERNAL EMAIL]
***EXTERNAL EMAIL***
This message came from outside the company.
This Message Is From an External Sender{}This message came from outside your organization.
You don't often get email from kim@example.com. Learn why this is important
Some people who received this message don't often get email from kim@example.com. Learn why this is important
Sie erhalten nicht oft E-Mails von kim@example.com. Erfahren Sie, warum dies wichtig ist
Vous n'obtenez pas souvent d'e-mail à partir de kim@example.com. Découvrez pourquoi cela est important
No suele recibir correo electrónico de kim@example.com. Por qué es esto importante
VORSICHT: Diese E-Mail kommt von einem externen Absender. Klicken Sie nicht auf Links.
ATTENTION : ce courriel provient de l'extérieur. Ne cliquez pas sur les liens.
Let op: deze e-mail is afkomstig van buiten de organisatie. Klik niet op links.
WARNING - This e-mail was sent from outside your organization. Please be careful with links and attachments.
⚠ External email. Please take care when clicking links or opening attachments.
"""
WORDS_OF_CUSTOMERS = """
My email was sent from outside the EU, is that a problem
I never get an external message from you.
The message came from outside the house: a driver shouted.
External hard drive 4471 is broken
Attention: order 4471
Important: the message is from my wife
An email came from outside. It says my account is closed.
This message is from an external lawyer.
Do not open links, the mail came from outside
External email does not work in your app.
Notice: external sender addresses are refused by your form.
"""


def listed(table: str) -> list[str]:
    return [line.replace("{}", "\n") for line in table.strip().split("\n")]


@pytest.mark.parametrize("banner", listed(BANNERS))
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_banner_is_left_out_where_a_mail_begins(banner: str, gap: str) -> None:
    assert without_banner(f"{banner}{gap}{SAID}") == SAID
    assert without_banners(f"Hello,\n{banner}{gap}{SAID}".split("\n"))[-1] == SAID
    assert without_banner(banner) == banner, "nothing else stands in the mail"
    below = f"{SAID}\n\n{banner}"
    assert without_banner(below) == below


@pytest.mark.parametrize("said", listed(WORDS_OF_CUSTOMERS))
def test_what_customers_write_is_no_banner(said: str) -> None:
    whole = f"{said}\n\n{SAID}"
    assert without_banner(whole) == whole
    assert without_banners(whole.split("\n")) == whole.split("\n")


def test_a_line_of_the_customer_s_right_below_a_banner_stays() -> None:
    banner = "You don't often get email from kim@example.com. Learn why this is important"
    assert without_banner(f"{banner}\nHi there") == "Hi there"
    assert without_banner(f"{banner}\nPlease open the link of my order") == "Please open the link of my order"


@pytest.mark.parametrize(
    "worst", ["[EXTERNAL]\n", "email from external ", "This message came from outside. "]
)
def test_the_time_is_linear_in_the_length(worst: str) -> None:
    assert_linear(without_banner, worst)
    assert_linear(lambda text: without_banners(text.split("\n")), worst)
