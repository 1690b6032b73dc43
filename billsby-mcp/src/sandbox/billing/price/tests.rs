use super::*;

const TIERS: [Tier; 3] = [
    tier(1, Some(10), 100),
    tier(11, Some(20), 80),
    tier(21, None, 50),
];

const fn tier(start: i64, finish: Option<i64>, price: i64) -> Tier {
    Tier {
        start,
        finish,
        price,
    }
}

fn price(number: i64, tiers: &[Tier], free_quantity: i64, units: i64) -> Result<i64, Unpriced> {
    let tariff = Tariff {
        model: Model::of(number, tiers),
        price: 700,
        tiers,
        free_quantity,
    };
    let parts = tariff.parts(units)?;
    for part in &parts {
        assert_eq!(part.units * part.unit_price, part.amount);
    }
    let lines: Vec<Line> = parts.iter().map(|part| line("Seats", *part)).collect();
    total(&lines)
}

#[test]
fn each_model_prices_units_in_its_way() {
    for (model, units, expected) in [
        (1, 1, 700),
        (1, 25, 700),
        (2, 3, 2100),
        (3, 15, 80),
        (4, 10, 1000),
        (4, 11, 1080),
        (4, 25, 1000 + 800 + 250),
        (5, 10, 1000),
        (5, 11, 880),
        (5, 25, 1250),
        (6, 10, 100),
        (6, 11, 80),
        (6, 1_000, 50),
    ] {
        let found = price(model, if model < 3 { &[] } else { &TIERS }, 0, units);
        assert_eq!(found, Ok(expected), "model {model}, {units} units");
    }
}

#[test]
fn free_units_cost_nothing() {
    for (model, units, expected) in [
        (1, 1, 700),
        (2, 5, 0),
        (2, 6, 700),
        (4, 16, 1080),
        (5, 16, 880),
        (6, 5, 0),
        (6, 6, 100),
    ] {
        let found = price(model, if model < 3 { &[] } else { &TIERS }, 5, units);
        assert_eq!(found, Ok(expected), "model {model}, {units} units");
    }
}

#[test]
fn the_last_tier_is_open_whatever_it_says() {
    let tiers = [tier(1, Some(10), 100), tier(11, Some(20), 80)];
    assert_eq!(price(4, &tiers, 0, 30), Ok(1000 + 1600));
    assert_eq!(price(5, &tiers, 0, 30), Ok(2400));
    assert_eq!(price(6, &tiers, 0, 30), Ok(80));
}

#[test]
fn a_model_without_its_tiers_counts_units() {
    for model in [3, 4, 5, 6] {
        assert_eq!(price(model, &[], 0, 3), Ok(2100), "model {model}");
    }
}

#[test]
fn amounts_stay_within_bounds() {
    for units in [i64::MAX, LARGEST, LARGEST / 700 + 1] {
        assert_eq!(price(2, &[], 0, units), Err(Unpriced::OutOfBounds));
    }
    let negative = [tier(1, None, -1)];
    assert_eq!(price(6, &negative, 0, 1), Err(Unpriced::OutOfBounds));
    let line = line(
        "Seats",
        Part {
            units: 1,
            unit_price: LARGEST,
            amount: LARGEST,
        },
    );
    assert_eq!(total(&[line.clone(), line]), Err(Unpriced::OutOfBounds));
}
