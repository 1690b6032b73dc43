//! The company that the sandbox starts with: a fixed catalogue, a fixed cast, and a random crowd around
//! them. All of it is made from the seed and the present time, so a run can be repeated.

mod address;
mod books;
mod calendar;
mod cast;
mod catalogue;
mod crowd;
mod names;

use jiff::{SignedDuration, Timestamp};

use super::company::Company;
use super::random::Random;
use books::Books;

/// How old the company is.
const AGE: SignedDuration = SignedDuration::from_hours(24 * 1100);

/// A company with the catalogue, the cast and `customers` others. Customers are in the order in which they
/// came; their histories end at `now`.
pub(crate) fn company(now: Timestamp, customers: u32, random: &mut Random) -> Company {
    let mut books = Books::open(now, customers, random);
    let mut cast = cast::by_age().into_iter().peekable();
    for number in 0..customers {
        let came = came(&mut books, number, customers);
        while let Some(member) = cast.next_if(|member| member.came(books.now) <= came) {
            member.enter(&mut books);
        }
        crowd::enter(&mut books, number, came);
    }
    for member in cast {
        member.enter(&mut books);
    }
    books.close()
}

/// When a customer of the crowd came: they spread evenly over the company's age.
fn came(books: &mut Books<'_>, number: u32, customers: u32) -> Timestamp {
    let share = (f64::from(customers - number) - books.share()) / f64::from(customers);
    books.ago(AGE.mul_f64(share).max(SignedDuration::from_hours(1)))
}
