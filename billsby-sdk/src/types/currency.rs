use std::fmt;

use super::Amount;

/// The currencies of ISO 4217 by the number of decimals that separates their minor unit from the
/// major one, after list one of the maintenance agency (SIX), published 2026-01-01:
/// <https://www.six-group.com/en/products-services/financial-information/data-standards.html>.
///
/// Codes for which the list gives no minor unit (gold, testing, accounting units) are left out.
const DECIMALS: [(u8, &str); 5] = [
    (
        0,
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    ),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
         CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP \
         GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK \
         LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO \
         NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS \
         SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST \
         XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    // Withdrawn since 2023, and still on older invoices.
    (2, "ANG BGN CUC HRK SLL ZWL"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// The number of decimals of a currency; its code may be written in any case.
fn decimals_of(code: &str) -> Option<u8> {
    DECIMALS
        .iter()
        .find(|(_, codes)| {
            codes
                .split(' ')
                .any(|known| known.eq_ignore_ascii_case(code))
        })
        .map(|(decimals, _)| *decimals)
}

/// An amount together with its currency, for people to read: `14.50 USD`. Made by
/// [`Amount::in_currency`].
///
/// Width, fill and sign of a format string are obeyed (`{:>12}`, `{:+}`); a precision is ignored,
/// because it would cut off money.
#[derive(Clone, Copy, Debug)]
#[must_use = "it does nothing until it is printed"]
pub struct AmountInCurrency<'a> {
    amount: Amount,
    code: &'a str,
    decimals: Option<u8>,
}

impl<'a> AmountInCurrency<'a> {
    pub(super) fn new(amount: Amount, code: &'a str) -> Self {
        let code = code.trim();
        Self {
            amount,
            code,
            decimals: decimals_of(code),
        }
    }

    /// Uses so many decimals, whatever ISO 4217 says: for a currency that it does not list, or
    /// where the API counts in another unit than ISO 4217.
    pub fn with_decimals(mut self, decimals: u8) -> Self {
        self.decimals = Some(decimals);
        self
    }

    /// How many decimals the amount has. `None` for a currency that is not known, until
    /// [`AmountInCurrency::with_decimals`] says it.
    #[must_use]
    pub fn decimals(self) -> Option<u8> {
        self.decimals
    }

    /// The number alone, with a decimal point and without the currency: `14.50`. `None` when the
    /// number of decimals is not known.
    #[must_use]
    pub fn to_decimal(self) -> Option<String> {
        let digits = self.digits()?;
        let negative = self.amount.minor_units() < 0;
        Some(if negative {
            format!("-{digits}")
        } else {
            digits
        })
    }

    /// The number without its sign.
    fn digits(self) -> Option<String> {
        let decimals = usize::from(self.decimals?);
        let units = self.amount.minor_units().unsigned_abs();
        let mut digits = format!("{units:0>width$}", width = decimals + 1);
        if decimals > 0 {
            digits.insert(digits.len() - decimals, '.');
        }
        Some(digits)
    }
}

impl fmt::Display for AmountInCurrency<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.amount.minor_units();
        let code = self.code;
        let text = match self.digits() {
            Some(digits) if code.is_empty() => digits,
            Some(digits) => format!("{digits} {}", code.to_ascii_uppercase()),
            None if code.is_empty() => format!("{} minor units", units.unsigned_abs()),
            None => format!("{} minor units ({code})", units.unsigned_abs()),
        };
        f.pad_integral(units >= 0, "", &text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, DECIMALS, decimals_of};

    fn shown(units: i64, code: &str) -> String {
        Amount::from(units).in_currency(code).to_string()
    }

    #[test]
    fn every_number_of_decimals() {
        for (units, code, text) in [
            (1450, "USD", "14.50 USD"),
            (-1450, "GBP", "-14.50 GBP"),
            (5, "EUR", "0.05 EUR"),
            (-5, "EUR", "-0.05 EUR"),
            (0, "USD", "0.00 USD"),
            (1450, "JPY", "1450 JPY"),
            (0, "KRW", "0 KRW"),
            (-1, "XOF", "-1 XOF"),
            (1450, "KWD", "1.450 KWD"),
            (1, "BHD", "0.001 BHD"),
            (1450, "CLF", "0.1450 CLF"),
            (-123_456, "UYW", "-12.3456 UYW"),
            (i64::MAX, "USD", "92233720368547758.07 USD"),
            (i64::MIN, "USD", "-92233720368547758.08 USD"),
            (i64::MIN, "JPY", "-9223372036854775808 JPY"),
            (i64::MIN, "CLF", "-922337203685477.5808 CLF"),
        ] {
            assert_eq!(shown(units, code), text);
        }
    }

    #[test]
    fn codes_in_any_case_and_with_blanks() {
        assert_eq!(shown(1450, "usd"), "14.50 USD");
        assert_eq!(shown(1450, " Kwd "), "1.450 KWD");
    }

    #[test]
    fn an_unknown_currency_is_no_reason_to_guess() {
        for (units, code, text) in [
            (1450, "XYZ", "1450 minor units (XYZ)"),
            (-1450, "XAU", "-1450 minor units (XAU)"),
            (1450, "", "1450 minor units"),
            (1450, " ", "1450 minor units"),
            (1450, "US", "1450 minor units (US)"),
            (1450, "USD EUR", "1450 minor units (USD EUR)"),
            (i64::MIN, "?", "-9223372036854775808 minor units (?)"),
        ] {
            assert_eq!(shown(units, code), text);
            let value = Amount::from(units).in_currency(code);
            assert_eq!((value.decimals(), value.to_decimal()), (None, None));
        }
    }

    #[test]
    fn the_caller_may_choose_the_decimals() {
        let amount = Amount::from(145_000);
        assert_eq!(
            amount.in_currency("JPY").with_decimals(2).to_string(),
            "1450.00 JPY"
        );
        assert_eq!(
            amount.in_currency("xyz").with_decimals(0).to_string(),
            "145000 XYZ"
        );
        assert_eq!(
            amount.in_currency("").with_decimals(3).to_string(),
            "145.000"
        );
        let tiny = Amount::from(1).in_currency("USD").with_decimals(u8::MAX);
        assert_eq!(tiny.to_decimal().unwrap().len(), 257);
    }

    #[test]
    fn formats_align_and_sign_it_and_never_cut_it() {
        let price = Amount::from(1450).in_currency("USD");
        assert_eq!(format!("[{price:>12}]"), "[   14.50 USD]");
        assert_eq!(format!("[{price:<12}]"), "[14.50 USD   ]");
        assert_eq!(format!("{price:+}"), "+14.50 USD");
        assert_eq!(format!("{price:.1}"), "14.50 USD");
    }

    /// Around every power of ten and at both ends, for every number of decimals: the digits are
    /// the amount's own, and the point stands where it belongs.
    #[test]
    fn no_digit_is_lost_or_invented() {
        let powers = (0..19).map(|exponent| 10_i64.pow(exponent));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, 7 * (power / 8)]);
        let amounts: Vec<i64> = around
            .flat_map(|units| [units, -units])
            .chain([i64::MIN, i64::MIN + 1, i64::MAX])
            .collect();
        for units in amounts {
            for (decimals, code) in [(0, "JPY"), (2, "USD"), (3, "KWD"), (4, "CLF")] {
                let text = Amount::from(units).in_currency(code).to_decimal().unwrap();
                assert_eq!(text.replace('.', "").parse(), Ok(units), "{text}");
                let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
                assert_eq!(rest.len(), decimals, "{text}");
                let whole = whole.strip_prefix('-').unwrap_or(whole);
                assert!(whole == "0" || !whole.starts_with('0'), "{text}");
                assert!(!whole.is_empty(), "{text}");
            }
        }
    }

    #[test]
    fn the_table_is_well_formed() {
        let codes: Vec<&str> = DECIMALS
            .iter()
            .flat_map(|(_, codes)| codes.split(' '))
            .collect();
        assert_eq!(codes.len(), 171);
        for (index, code) in codes.iter().enumerate() {
            assert!(code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()));
            assert!(!codes[..index].contains(code), "{code} is there twice");
        }
        // Three that other tables get wrong.
        for code in ["HUF", "MGA", "MRU"] {
            assert_eq!(decimals_of(code), Some(2), "{code}");
        }
    }
}
