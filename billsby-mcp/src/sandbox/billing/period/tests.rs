use super::*;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn cycle(unit: Unit, count: i64) -> Cycle {
    Cycle {
        id: 1,
        pricing_model_id: 2,
        period: Period { count, unit },
        price: 1000,
        tiers: Vec::new(),
        free_quantity: 0,
        setup_fee: None,
        visibility: 0,
        free_trial: None,
        contract_term: None,
        billing_date_type: 1,
        fixed_day: None,
        fixed_month: None,
        pro_rate_option: 1,
    }
}

#[test]
fn the_billing_day_survives_short_months() {
    let cycle = cycle(Unit::Monthly, 1);
    let mut start = time("2027-12-31T10:30:00Z");
    let mut days = Vec::new();
    for _ in 0..4 {
        start = next_end(&cycle, start, 31).unwrap();
        days.push(start.to_string());
    }
    assert_eq!(
        days,
        [
            "2028-01-31T10:30:00Z",
            "2028-02-29T10:30:00Z",
            "2028-03-31T10:30:00Z",
            "2028-04-30T10:30:00Z"
        ]
    );
}

#[test]
fn periods_are_counted_on_the_calendar() {
    let start = time("2027-02-28T00:00:00Z");
    for (unit, count, expected) in [
        (Unit::Daily, 10, "2027-03-10T00:00:00Z"),
        (Unit::Weekly, 2, "2027-03-14T00:00:00Z"),
        (Unit::Monthly, 3, "2027-05-28T00:00:00Z"),
        (Unit::Yearly, 1, "2028-02-28T00:00:00Z"),
    ] {
        let cycle = cycle(unit, count);
        assert_eq!(first_end(&cycle, start), Some(time(expected)));
        assert_eq!(next_end(&cycle, start, 28), Some(time(expected)));
        assert_eq!(first_share(&cycle, start, time(expected)), Share::ALL);
    }
}

#[test]
fn a_fixed_day_cuts_the_first_period_short() {
    let start = time("2027-04-16T08:00:00Z");
    let mut cycle = cycle(Unit::Monthly, 1);
    cycle.billing_date_type = 2;
    cycle.fixed_day = Some(1);
    let end = first_end(&cycle, start).unwrap();
    assert_eq!(end, time("2027-05-01T00:00:00Z"));
    assert_eq!(
        next_end(&cycle, end, 16),
        Some(time("2027-06-01T00:00:00Z"))
    );

    assert_eq!(first_share(&cycle, start, end), Share::ALL);
    cycle.pro_rate_option = 2;
    assert_eq!(first_share(&cycle, start, end).of(1000), 0);
    cycle.pro_rate_option = 3;
    assert_eq!(first_share(&cycle, start, end).of(1000), 500);
}

#[test]
fn a_fixed_day_of_a_year_or_a_week_is_met() {
    let start = time("2027-04-16T08:00:00Z");
    let mut yearly = cycle(Unit::Yearly, 1);
    yearly.billing_date_type = 2;
    (yearly.fixed_day, yearly.fixed_month) = (Some(15), Some(4));
    let end = first_end(&yearly, start).unwrap();
    assert_eq!(end, time("2028-04-15T00:00:00Z"));
    assert_eq!(
        next_end(&yearly, end, 16),
        Some(time("2029-04-15T00:00:00Z"))
    );

    let mut weekly = cycle(Unit::Weekly, 1);
    weekly.billing_date_type = 3;
    weekly.fixed_day = Some(1);
    // The 16th of April 2027 is a Friday.
    let end = first_end(&weekly, start).unwrap();
    assert_eq!(end, time("2027-04-19T00:00:00Z"));
    weekly.pro_rate_option = 3;
    assert_eq!(first_share(&weekly, start, end).of(700), 300);
}

#[test]
fn every_period_moves_forward_until_the_calendar_ends() {
    let start = time("2027-04-16T08:00:00Z");
    for count in [0, -3] {
        let next = next_end(&cycle(Unit::Daily, count), start, 16).unwrap();
        assert_eq!(next, time("2027-04-17T08:00:00Z"));
    }
    for count in [10_000, i64::MAX] {
        assert_eq!(next_end(&cycle(Unit::Yearly, count), start, 16), None);
        assert_eq!(first_end(&cycle(Unit::Yearly, count), start), None);
    }
}
