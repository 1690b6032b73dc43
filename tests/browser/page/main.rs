//! The web page as people meet it, in a browser, and as nobody should, without one.

mod filters;
mod guard;
mod hostile_text;
mod keyboard;
mod long_lists;
mod screens;
mod support;
mod times;
mod tools;
mod try_tool;
mod whole_path;
mod without_script;
