/** What people call the columns of their sales, in the order in which a name is likelier to be meant. Normalised. */
export interface ColumnNames {
  readonly invoice: readonly string[];
  readonly product: readonly string[];
  readonly description: readonly string[];
  readonly quantity: readonly string[];
  readonly soldAt: readonly string[];
  readonly timeOfDay: readonly string[];
  readonly unitPrice: readonly string[];
  readonly lineAmount: readonly string[];
  readonly customer: readonly string[];
  readonly market: readonly string[];
  /** Smaller than a market, as a rule. */
  readonly branch: readonly string[];
  readonly cancelled: readonly string[];
}

const words = (text: string): string[] => text.trim().split(/\s+/);

/** English, German and French names in common use; without accents, marks and spaces. */
export const columnNames: ColumnNames = {
  invoice: words(`
    invoiceno invoicenumber invoiceid invoice orderno ordernumber orderid order basketid basket receiptid receiptno receiptnumber
    receipt transactionid transactionno salesorder documentno docno ticketid ticketno billno billid
    rechnungsnr rechnungsnummer rechnung belegnr belegnummer beleg auftragsnr auftragsnummer auftrag bestellnr bestellnummer
    bestellung bonnr bonnummer vorgangsnr lieferscheinnr
    numerofacture nofacture numfacture facture factureid numerocommande nocommande numcommande commande commandeid idcommande ticket
    numeroticket`),
  product: words(`
    stockcode productid productcode productno productnumber product itemid itemcode itemno itemnumber item sku articleid articleno
    articlenumber article materialno materialnumber material upc ean gtin
    artikelnr artikelnummer artikelid artikelcode artikel artnr produktnr produktnummer produktid produktcode produkt materialnr
    materialnummer warennr
    codearticle numeroarticle refarticle referencearticle reference ref codeproduit numeroproduit produitid idproduit produit`),
  description: words(`
    description productdescription productname itemdescription itemname articlename articledescription producttitle title name
    artikelbezeichnung bezeichnung artikeltext artikelname artikelbeschreibung beschreibung produktname produktbezeichnung
    produktbeschreibung materialkurztext kurztext text
    designation libelle libellearticle libelleproduit nomproduit nomarticle nom`),
  quantity: words(`
    quantity qty quantitysold unitssold units pieces pcs count orderquantity orderqty
    menge anzahl stueckzahl stuck stueck stk absatz verkaufsmenge bestellmenge liefermenge
    quantite quantitevendue qte qtevendue nombre nb`),
  soldAt: words(`
    invoicedate orderdate transactiontimestamp transactiondate transactiontime saledate salesdate datetime timestamp purchasedate
    soldat orderedat createdat date documentdate postingdate
    rechnungsdatum belegdatum auftragsdatum bestelldatum verkaufsdatum buchungsdatum kaufdatum datum zeitstempel zeitpunkt tag
    datefacture datecommande datevente dateachat dateheure horodatage jour`),
  timeOfDay: words('time timeofday ordertime saletime uhrzeit zeit verkaufszeit heure heurevente heurecommande'),
  unitPrice: words(`
    unitprice price salesprice sellingprice priceperunit netprice unitcost
    einzelpreis stueckpreis stuckpreis preis verkaufspreis vkpreis preisproeinheit nettopreis epreis
    prixunitaire prixunitaireht prixunitairettc pu puht prix prixvente`),
  lineAmount: words(`
    salesvalue linetotal lineamount totalprice totalamount amount netamount total subtotal revenue turnover sales value extendedprice
    betrag gesamtbetrag gesamtpreis zeilenbetrag positionsbetrag nettobetrag bruttobetrag umsatz nettoumsatz summe wert positionswert
    montant montantht montantttc montantligne montanttotal totalligne totalht totalttc chiffreaffaires ca valeur`),
  customer: words(`
    customerid customerno customernumber customercode customer clientid clientno clientnumber client accountid accountno account
    buyerid buyer householdid household userid memberid shopperid debtorno
    kundennr kundennummer kundenid kunde kundencode kdnr debitor debitorennr debitornr debitorennummer
    codeclient numeroclient noclient numclient idclient refclient`),
  market: words(`
    country market countrycode region salesregion territory state area
    land laendercode landercode markt gebiet vertriebsgebiet verkaufsgebiet bundesland
    pays codepays marche secteur`),
  branch: words(
    'store storeid storeno shop shopid branch branchid filiale filialnr niederlassung agence magasin succursale',
  ),
  cancelled: words(`
    cancelled canceled iscancelled iscanceled cancellation cancel void voided isreturn returned return refund isrefund
    storno storniert stornokennzeichen stornierung retoure ruckgabe rueckgabe gutschrift
    annule annulee annulation estannule retour avoir remboursement`),
};

/** A column's name as {@link columnNames} has them. */
export function normalName(name: string): string {
  return name
    .replaceAll('ß', 'ss')
    .replace(/n\s?[°º]|№/gi, 'no')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
