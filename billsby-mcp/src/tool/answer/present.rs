//! From what the API answered to what one call shows.

use super::fields::Skipped;
use super::page::{ENTRIES, Page};
use super::remarks::{MEMBER, Remarks};
use super::view::{DETAIL, FIELDS};
use super::{Answer, Detail, View, WRAPPER, concise, cost, fields, fit, keys, written};
use crate::tool::Tool;

/// The part of a result that is kept free to say what was cut, in parts of a token.
const FOR_CUTS: usize = 250 * cost::PARTS;

impl Answer {
    /// The answer as one call of a tool shows it, in at most `cap` estimated tokens.
    ///
    /// * Ids are added under the names that the next tool expects.
    /// * With `fields`, only those are shown, and `detail` says nothing.
    /// * With `detail: concise`, and when nobody says and the whole does not fit, a read is shown
    ///   concisely.
    /// * What still does not fit is cut: lists lose entries at their end, objects their largest members.
    ///
    /// What is to be known about that, and how to get the rest, is in the member `_mcp` of the result. An
    /// answer to which none of this applies is passed on as it came.
    #[must_use]
    pub fn present(mut self, tool: &Tool, view: &View, cap: u32, listed_name: &str) -> Self {
        let cap = usize::try_from(cap)
            .unwrap_or(usize::MAX)
            .saturating_mul(cost::PARTS);
        // However much there is to say, some of the answer is shown.
        let room = |said: usize| cap.saturating_sub(FOR_CUTS + said).max(cap / 4);
        let place = if self.wrapped { WRAPPER } else { "" };
        let reads = tool.effect.is_read();
        let mut remarks = Remarks::default();

        let body = self.body_mut();
        let page = Page::of(body, view).filter(|_| tool.paged);
        let mut changed = false;
        for key in tool.renamed_keys {
            changed |= keys::add(body, key.path, key.argument);
        }
        let mut skipped = Skipped::new();
        if let Some(names) = &view.fields {
            skipped = fields::select(body, names, place, &mut remarks);
            changed = true;
        } else {
            changed |= shorten(body, view.detail, reads, room(0), place, &mut remarks);
        }
        let room = room(remarks.cost());
        if cost::of(body) > room {
            fit::fit(body, room, place, &mut remarks);
            changed = true;
            let call = Call {
                listed_name,
                reads,
                page: page.is_some(),
            };
            call.advise(&skipped, &mut remarks);
        }
        remarks.next_page = page.and_then(|page| page.next(shown_entries(&remarks, &skipped)));
        self.finish(remarks, changed, cap)
    }

    /// Puts the remarks in and writes the text anew where it is no longer what came.
    fn finish(mut self, remarks: Remarks, changed: bool, cap: usize) -> Self {
        let said = remarks.into_value();
        let unchanged = said.is_none() && !changed;
        if let (Some(said), Some(members)) = (said, self.object.as_object_mut()) {
            // The API's own member of that name would stay as it is.
            members.entry(MEMBER).or_insert(said);
        }
        if !unchanged || cost::of_text(&self.text) > cap {
            self.text = written::text(&self.object);
        }
        self
    }
}

/// Makes the answer concise if that is wanted or needed. Says whether it is.
fn shorten(
    body: &mut serde_json::Value,
    detail: Option<Detail>,
    reads: bool,
    room: usize,
    place: &str,
    remarks: &mut Remarks,
) -> bool {
    let wanted = match detail {
        Some(detail) => detail == Detail::Concise,
        None => reads && cost::of(body) > room,
    };
    if !wanted {
        return false;
    }
    concise::shorten(body, place, &mut remarks.omitted);
    if detail.is_none() {
        remarks.notes.push(format!(
            "Shown concisely, because the whole is too long. To see more, name it in {FIELDS}, or ask \
             for less at once with {DETAIL} \"full\"."
        ));
    } else if !remarks.omitted.is_empty() {
        remarks
            .notes
            .push(format!("To see what is omitted, name it in {FIELDS}."));
    }
    true
}

/// How many entries of a page have been shown when this result is read.
fn shown_entries(remarks: &Remarks, skipped: &Skipped) -> usize {
    let cut = remarks.cuts.iter().find(|cut| cut.path == ENTRIES);
    cut.map_or(usize::MAX, |cut| cut.shown + skipped_of(ENTRIES, skipped))
}

fn skipped_of(path: &str, skipped: &Skipped) -> usize {
    let of_path = skipped.iter().filter(|(list, _)| list == path);
    of_path.map(|(_, from)| *from).max().unwrap_or(0)
}

/// The call whose answer was cut.
struct Call<'a> {
    listed_name: &'a str,
    reads: bool,
    /// Whether the answer is a page.
    page: bool,
}

impl Call<'_> {
    /// Says how to get what was cut.
    fn advise(&self, skipped: &Skipped, remarks: &mut Remarks) {
        if !self.reads {
            remarks.notes.push(
                "The call took effect; its answer is too long to be shown whole. A tool that reads \
                 shows the rest."
                    .to_owned(),
            );
            return;
        }
        let name = self.listed_name;
        let (mut page_cut, mut list_cut, mut text_cut) = (false, false, false);
        for cut in &mut remarks.cuts {
            let before = skipped_of(&cut.path, skipped);
            if self.page && cut.path == ENTRIES {
                page_cut = true;
            } else if cut.is_text {
                text_cut = true;
            } else {
                list_cut = true;
                cut.rest = Some(format!("{}[{}:]", cut.path, before + cut.shown));
            }
        }
        if page_cut {
            remarks.notes.push(format!(
                "Entries were cut. To go on from the first of them, call {name} with the page and \
                 pageSize of nextPage; with fewer {FIELDS}, more entries fit."
            ));
        }
        if list_cut {
            remarks.notes.push(format!(
                "Lists were cut. To go on, call {name} again with the path in rest in place of the \
                 list's own in {FIELDS}; with fewer {FIELDS}, more entries fit."
            ));
        }
        if text_cut {
            remarks
                .notes
                .push("The text was cut; there is no way to get its end.".to_owned());
        }
        if !remarks.omitted.is_empty() && !page_cut && !list_cut {
            remarks.notes.push(format!(
                "What is omitted did not fit. To see it, name it, or parts of it, in {FIELDS}."
            ));
        }
    }
}
