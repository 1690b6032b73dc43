//! The stores keep what they are given. One suite runs against every backend.

mod home;
mod postgres;
mod record;
mod sqlite;
mod suite;

pub(crate) use home::Home;

/// Makes a test of each function of the suite for each backend.
macro_rules! suite {
    ($($module:ident: $($test:ident),+;)+) => {
        mod in_memory {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::suite::$module::$test(&super::Home::memory().await).await;
                }
            )+)+
        }
        mod in_sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::suite::$module::$test(&super::Home::sqlite()).await;
                }
            )+)+
        }
        mod in_postgres {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    if let Some(home) = super::Home::postgres(stringify!($test)) {
                        super::suite::$module::$test(&home).await;
                    }
                }
            )+)+
        }
    };
}

suite! {
    commit:
        a_record_is_kept_as_it_is,
        a_batch_is_written_as_a_whole_or_not_at_all,
        an_overtaken_change_is_refused,
        an_account_has_to_be_unchanged,
        the_servers_of_an_account_are_revoked,
        the_keyring_and_the_admin_token_are_set_once,
        what_needs_another_keyring_is_refused,
        of_many_writers_one_wins,
        a_record_that_refers_to_nothing_is_refused;
    claim:
        a_claim_counts_once,
        of_many_claims_one_wins,
        a_claim_that_is_over_does_not_count,
        a_claim_of_a_refused_batch_is_not_kept;
    changes:
        whoever_follows_has_what_a_fresh_reader_has,
        a_generation_of_the_future_is_not_there,
        handles_hear_of_each_other,
        nothing_is_missed_between_two_questions,
        readers_see_whole_batches;
    list:
        pages_stay_while_things_are_added,
        servers_are_found_by_what_is_asked,
        names_are_found_in_any_case_and_literally,
        what_has_ended_is_not_listed,
        a_server_is_found_by_its_secrets;
    activity:
        calls_are_kept_and_counted,
        calls_are_found_by_what_is_asked,
        a_call_is_counted_once,
        texts_of_clients_break_nothing;
    timeline:
        calls_are_counted_in_their_steps,
        percentiles_are_of_calls_that_there_were,
        only_what_is_asked_for_is_counted;
    sweep:
        only_what_is_over_is_forgotten,
        a_sweep_without_effect_is_no_generation;
    open:
        everything_is_there_after_opening_again,
        an_exclusive_lock_excludes,
        a_newer_structure_is_refused,
        many_first_starts_at_once_work;
}
