//! Components as a graph: what refers to what, in circles, and how large it becomes when written out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::reference::unescape;
use crate::diagnostic::{Diagnostics, Pointer};

/// As many levels as parsers of JSON accept: tool schemas are read again.
const DEEPEST: usize = 128;

/// Values in a component with all references replaced by what they point to. Types and tool schemas are made from that
/// form, and a schema of this size helps nobody.
const LARGEST: usize = 20_000;

/// Components by `kind/name`.
type Graph = BTreeMap<String, Component>;

#[derive(Debug, Default)]
struct Component {
    /// Values in it, references not followed.
    size: usize,
    /// Levels in it, references not followed.
    depth: usize,
    /// Components it refers to, and at which level.
    targets: Vec<(String, usize)>,
}

/// Reports components that contain themselves, and what is too large when written out.
pub(super) fn check(document: &Value, diagnostics: &mut Diagnostics) {
    let graph = graph(document);
    let order = leaves_first(&graph);
    let mut written_out: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for name in &order {
        let (size, depth) = write_out(&graph[*name], &written_out);
        written_out.insert(name, (size, depth));
        if size > LARGEST || depth > DEEPEST {
            let message = format!(
                "with all references replaced by what they point to, this has {size} values in {depth} levels"
            );
            let help = format!(
                "at most {LARGEST} values in {DEEPEST} levels can be generated: describe less of it"
            );
            diagnostics.error("too-large", &pointer(name), message, help);
            // Whatever refers to it is too large as well.
            return;
        }
    }
    let mut in_circles: BTreeSet<&str> = graph.keys().map(String::as_str).collect();
    for name in order {
        in_circles.remove(name);
    }
    cycles(&graph, &in_circles, diagnostics);
}

/// All components and all path items.
fn graph(document: &Value) -> Graph {
    let components = document.get("components").and_then(Value::as_object);
    let kinds = components.into_iter().flatten();
    let paths = document.get("paths").map(|paths| ("paths", paths));
    let mut graph = Graph::new();
    for (kind, members) in kinds
        .map(|(kind, members)| (kind.as_str(), members))
        .chain(paths)
    {
        for (name, value) in members.as_object().into_iter().flatten() {
            let mut component = Component::default();
            component.measure(value, 1);
            graph.insert(format!("{kind}/{name}"), component);
        }
    }
    graph
}

impl Component {
    fn measure(&mut self, value: &Value, level: usize) {
        self.size += 1;
        self.depth = self.depth.max(level);
        match value {
            Value::Object(map) => {
                if let Some(target) = map
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(component_of)
                {
                    self.targets.push((target, level));
                }
                for value in map.values() {
                    self.measure(value, level + 1);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.measure(item, level + 1);
                }
            }
            _ => {}
        }
    }
}

/// `kind/name` of the component that a reference points to or into.
fn component_of(reference: &str) -> Option<String> {
    let mut tokens = reference.strip_prefix("#/components/")?.split('/');
    let (kind, name) = (tokens.next()?, tokens.next()?);
    Some(format!("{kind}/{}", unescape(name)))
}

fn pointer(name: &str) -> Pointer {
    let (kind, name) = name.split_once('/').unwrap_or((name, ""));
    match kind {
        "paths" => Pointer::root().join([kind, name]),
        _ => Pointer::root().join(["components", kind, name]),
    }
}

/// Every component after all that it refers to, without those that are in a circle or lead to one.
fn leaves_first(graph: &Graph) -> Vec<&str> {
    let mut waiting_for: BTreeMap<&str, usize> = BTreeMap::new();
    let mut needed_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, component) in graph {
        let targets = component.targets.iter().map(|(target, _)| target.as_str());
        let known: BTreeSet<&str> = targets
            .filter(|target| graph.contains_key(*target))
            .collect();
        waiting_for.insert(name, known.len());
        for target in known {
            needed_by.entry(target).or_default().push(name);
        }
    }
    let mut ready: Vec<&str> = graph.keys().map(String::as_str).collect();
    ready.retain(|name| waiting_for[name] == 0);
    let mut order = Vec::new();
    while let Some(name) = ready.pop() {
        order.push(name);
        for dependent in needed_by.get(name).into_iter().flatten() {
            let left = waiting_for.entry(dependent).or_default();
            *left -= 1;
            if *left == 0 {
                ready.push(dependent);
            }
        }
    }
    order
}

/// Size and depth of a component whose targets are known.
fn write_out(
    component: &Component,
    written_out: &BTreeMap<&str, (usize, usize)>,
) -> (usize, usize) {
    let mut whole = (component.size, component.depth);
    for (target, level) in &component.targets {
        let (size, depth) = written_out
            .get(target.as_str())
            .copied()
            .unwrap_or_default();
        whole.0 = whole.0.saturating_add(size);
        whole.1 = whole.1.max(level + depth);
    }
    whole
}

/// Reports each circle once.
fn cycles(graph: &Graph, in_circles: &BTreeSet<&str>, diagnostics: &mut Diagnostics) {
    let mut reported: BTreeSet<String> = BTreeSet::new();
    for start in in_circles {
        if reported.contains(*start) {
            continue;
        }
        let Some(path) = path_back(start, graph, in_circles) else {
            continue;
        };
        let (_, name) = start.split_once('/').unwrap_or(("", start));
        let message = format!("{name} contains itself: {}", path.join(" → "));
        let help =
            "break the cycle: a value that contains itself cannot be typed or shown to a model";
        diagnostics.error("reference-cycle", &pointer(start), message, help);
        reported.extend(path);
    }
}

fn path_back(start: &str, graph: &Graph, in_circles: &BTreeSet<&str>) -> Option<Vec<String>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = vec![start];
    while let Some(node) = waiting.pop() {
        let component = graph.get(node)?;
        for (next, _) in component
            .targets
            .iter()
            .filter(|(next, _)| in_circles.contains(next.as_str()))
        {
            if next == start {
                let mut path = vec![start.to_owned()];
                let mut step = node;
                while step != start {
                    path.push(step.to_owned());
                    step = came_from.get(step).copied().unwrap_or(start);
                }
                path.push(start.to_owned());
                path.reverse();
                return Some(path);
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, node);
                waiting.push(next);
            }
        }
    }
    None
}
