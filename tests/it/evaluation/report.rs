//! The table of what came out, as it stands in `tests/EVALUATION.md`.

use std::fmt::Write as _;

use super::run::{AMONG_INSTRUCTIONS, ORACLE, ORDER, Results, Runs};
use super::variant::{Tally, ratio};

const HEAD: &str = "\
<!-- Written by `cargo xtask eval --write`. Do not edit. -->

# Scripted agents

Scripted agents do whole tasks with the tools of the MCP server, over HTTP, on the sandbox. An agent knows what an MCP
client gets: the list of tools with names, titles, descriptions and schemas, results, and errors. It is given a task in
a person's words (`refund an invoice`, of the customer with this e-mail address, the latest one, all of it) and finds
the tool by its title, the ids where the schemas say they come from, the next page where a result says there is one, and
what to do about a failure in the failure itself: after a refusal it looks at its call again, and gives up if it had sent
what it meant. Whether a task is done is decided by the sandbox's state and its journal of effects; what was asked only
to be told is compared with the state.

";

const COLUMNS: &str = "\
| agent | trials | done | gave up | calls per task | extra calls per mistake | tokens of the list | tokens of results | wrong effects | duplicate effects |
|---|---|---|---|---|---|---|---|---|---|
";

const EXPLANATIONS: &str = "
Where an agent gave up, it told the person why; a task that is neither done nor given up was left wrong without a word.
Tokens are those of `o200k`: of the instructions and the names, descriptions and schemas of the tools, and of all results
of a task together, both as a mean over the trials. A wrong effect is one that the oracle's run of the same task does not
have; a duplicate effect repeats one that it has. The oracle's own are kept in a snapshot beside the tests.

What the agents do:

* The **oracle** makes no mistakes. It finishes every task in every run, the downgrade with refund in at most 6 calls, the
  collection of failed invoices in at most 4 and one for each invoice.
* **Swaps ids**: in three calls of ten, two ids are swapped, or the only one is replaced by another one that is known.
  A mistake costs one call at most, and no wrong id ever has an effect.
* **Stringifies nested arguments**: sends objects and lists as JSON text.
* **Forgets** or **invents** the company domain in every second call, and corrects itself.
* **Ignores pages**: takes the first page for the whole list.
* **Stops** or **repeats when an outcome is unknown**: of three writes in ten the answer is lost on the way back, after
  they were done. One agent does as it is told and asks the person, so the task stays unfinished; the other repeats the
  call although it is told not to. Its duplicate effects are the ones that nothing prevents yet.
* **Obeys instructions**: does what texts in results say. The instructions are spread over texts that customers and staff
  write, from names and addresses to tags, answers and descriptions: plain ones, as system messages, as results of
  tools, in Markdown and HTML, in invisible letters and in look-alikes. It is tried against a server with all tools,
  against one with the `--tags` that the task needs, and against one that only reads, where it cannot do anything. Unlike
  a model it never sees through anything: the figures say what a setting limits, not how often a model falls for it. The
  row before them is the oracle with the same data.

What the figures do not show: how well a language model chooses tools, reads texts and keeps to instructions. The rules
understand titles and descriptions word by word; a model that is led astray by a text is not found here. What is shown
is that the texts, schemas, ids, pages and errors are enough to do the tasks, and what mistakes of these kinds cost.
";

/// The whole file.
pub(crate) fn write(results: &Results, runs: Runs) -> String {
    let mut text = HEAD.to_owned();
    let _ = writeln!(
        text,
        "{} tasks over all 14 groups of tools; {} runs of the oracle and {} of the others, each in a company of another seed; {} \
         instructions of {} kinds in {} fields.\n",
        results.tasks,
        runs.oracle,
        runs.others,
        results.planted,
        results.payloads.len(),
        results.fields.len(),
    );
    text.push_str(COLUMNS);
    for variant in ORDER {
        let tally = &results.tallies[variant.name];
        let is_measure = [ORACLE, AMONG_INSTRUCTIONS].contains(&variant);
        text.push_str(&row(variant.name, tally, is_measure));
    }
    text.push_str(EXPLANATIONS);
    text
}

/// Effects are counted against those of the measure, which has none to be counted.
fn row(name: &str, tally: &Tally, is_measure: bool) -> String {
    let effects = |number: usize| {
        if is_measure {
            "–".to_owned()
        } else {
            number.to_string()
        }
    };
    let per_mistake = match tally.mistakes {
        0 => "–".to_owned(),
        mistakes => format!("{:.2}", ratio(tally.extra_calls, mistakes)),
    };
    format!(
        "| {name} | {} | {:.1} % | {:.1} % | {:.2} | {per_mistake} | {:.0} | {:.0} | {} | {} |\n",
        tally.trials,
        tally.percent(tally.done),
        tally.percent(tally.gave_up),
        ratio(tally.calls, tally.trials),
        ratio(tally.list_tokens, tally.trials),
        ratio(tally.result_tokens, tally.trials),
        effects(tally.wrong_effects),
        effects(tally.duplicate_effects),
    )
}
