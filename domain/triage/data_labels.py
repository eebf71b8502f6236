"""List the words that name a number, in eight languages: "my order number is", "Bestellnummer"."""

_WORDS = """
my our the is was it it's its this that's here here's and order booking ticket reservation reference ref
account customer member membership tracking parcel invoice contract policy phone mobile postcode zip code pin
number nr id email e-mail mail address confirmation verification

mein meine der die das ist lautet hier und bestellung bestellnummer bestellnr auftragsnummer kundennummer
kundennr vertragsnummer rechnungsnummer sendungsnummer trackingnummer buchungsnummer buchungscode ticketnummer
telefonnummer handynummer nummer plz postleitzahl adresse mailadresse e-mail-adresse bestätigungscode

mon ma mes le la est c'est voici et de du numéro numero n° no° commande client compte réservation dossier
contrat téléphone postal adresse référence réf facture

mi el es este esta y aquí número nº pedido cliente cuenta reserva contrato teléfono telefono código codigo
localizador correo electrónico referencia factura

il mio mia è ecco di d'ordine dell'ordine ordine prenotazione conto telefono contratto codice cap indirizzo

meu minha o a é do da conta telefone cpf endereço aqui nota fiscal

mijn het dit en bestelnummer ordernummer klantnummer rekeningnummer boekingsnummer telefoonnummer nummer adres
e-mailadres factuurnummer

numaram numarası numara sipariş müşteri telefon kod kodu kodum e-posta adresim
"""
DATA_LABELS = frozenset(_WORDS.split())
