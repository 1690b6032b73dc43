//! Writes invoices, attempts to collect them, and credit notes.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Books;
use super::bill::{Bill, Bills, Refund, Step, Subject};
use crate::sandbox::billing;
use crate::sandbox::company::{
    CreditNote, CreditNoteStatus, Currency, Invoice, InvoiceKind, InvoiceStatus, Line, PaymentLog,
};
use crate::sandbox::id::{DocumentNumber, UniqueId};

/// How long a gateway takes.
const COLLECTING: SignedDuration = SignedDuration::from_millis(1730);
/// The pause between attempts.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

impl Books<'_> {
    /// Writes a customer's invoices and credit notes in the order of time. Nothing has been written for
    /// this customer before.
    pub(in crate::sandbox::seed) fn post(&mut self, customer: UniqueId, bills: &Bills) {
        self.customer_mut(customer)
            .invoices
            .reserve_exact(bills.len());
        let mut numbers = vec![None; bills.len()];
        for step in bills.steps() {
            match step {
                Step::Bill(index) => {
                    numbers[index] = Some(self.write_invoice(customer, bills.get(index)));
                }
                Step::Refund(index, refund) => {
                    let invoice = numbers[index].expect("a refund follows its invoice");
                    self.write_credit_note(invoice, refund);
                }
            }
        }
    }

    fn next_number(&mut self, customer: UniqueId) -> DocumentNumber {
        let found = self.customer_mut(customer);
        found.documents += 1;
        DocumentNumber {
            customer,
            count: found.documents,
        }
    }

    fn write_invoice(&mut self, customer: UniqueId, bill: &Bill) -> DocumentNumber {
        let number = self.next_number(customer);
        let (kind, currency, lines, subscription, period) = match bill.subject {
            Subject::Period { subscription, end } => {
                let terms = self.subscription_mut(subscription).terms();
                let quote = billing::first(&self.company, &terms, bill.at);
                let quote = quote.expect("the catalogue has a price for it");
                let period = Some((bill.at, end));
                let kind = InvoiceKind::Renewal;
                (
                    kind,
                    quote.currency,
                    quote.lines,
                    Some(subscription),
                    period,
                )
            }
            Subject::Charge {
                description,
                amount,
            } => {
                let lines = vec![Line::once(description, amount)];
                (InvoiceKind::OneTimeCharge, Currency::USD, lines, None, None)
            }
        };
        let amount = lines.iter().map(|line| line.amount).sum();
        let id = self.company.next_id();
        let logs = self.logs(bill);
        let invoice = Invoice {
            id,
            number,
            kind,
            created_on: bill.at,
            currency,
            status: bill.status,
            amount,
            tax: 0,
            refunded: 0,
            lines,
            subscription,
            period,
            proration: None,
            logs,
            credit_notes: Vec::new(),
        };
        self.company.invoices.insert(number, invoice);
        self.customer_mut(customer).invoices.push(number);
        if let Some(subscription) = subscription.filter(|_| bill.status != InvoiceStatus::Unpaid) {
            self.note_renewal(subscription, number, amount, bill.at);
        }
        if matches!(
            bill.status,
            InvoiceStatus::Paid | InvoiceStatus::PaidOffline
        ) {
            self.earn(customer, subscription, amount);
        }
        number
    }

    fn note_renewal(
        &mut self,
        subscription: UniqueId,
        number: DocumentNumber,
        amount: i64,
        at: Timestamp,
    ) {
        // The first period is no renewal.
        if self.subscription_mut(subscription).created_on < at {
            let data = json!({"invoiceNumber": number, "amount": amount});
            self.event(subscription, at, "SubscriptionRenewed", data);
        }
    }

    fn earn(&mut self, customer: UniqueId, subscription: Option<UniqueId>, amount: i64) {
        self.customer_mut(customer).paid += amount;
        if let Some(subscription) = subscription {
            self.subscription_mut(subscription).revenue += amount;
        }
    }

    fn logs(&mut self, bill: &Bill) -> Vec<PaymentLog> {
        let last = match bill.status {
            InvoiceStatus::Paid => Some("Paid"),
            InvoiceStatus::Pending => Some("Pending"),
            InvoiceStatus::Unpaid | InvoiceStatus::PaidOffline | InvoiceStatus::WrittenOff => None,
        };
        let statuses = std::iter::repeat_n("Failed", usize::from(bill.declined)).chain(last);
        let mut at = bill.at + COLLECTING;
        statuses
            .map(|status| {
                let log = PaymentLog {
                    id: self.company.next_id(),
                    at: at.min(self.now),
                    status: status.to_owned(),
                    reference: Some(format!("ch_{}", UniqueId::random(self.random))),
                };
                at += PATIENCE;
                log
            })
            .collect()
    }

    fn write_credit_note(&mut self, number: DocumentNumber, refund: Refund) {
        let customer = number.customer;
        let note_number = self.next_number(customer);
        let id = self.company.next_id();
        let invoice = &mut self.company.invoices[&number];
        let amount = invoice.amount * refund.percent / 100;
        invoice.refunded += amount;
        invoice.credit_notes.push(note_number);
        let note = CreditNote {
            id,
            number: note_number,
            invoice: number,
            created_on: refund.at,
            currency: invoice.currency,
            amount,
            status: refund.status,
        };
        let subscription = invoice.subscription;
        self.company.credit_notes.insert(note_number, note);
        self.customer_mut(customer).credit_notes.push(note_number);
        if refund.status == CreditNoteStatus::Paid {
            self.earn(customer, subscription, -amount);
        }
    }
}
