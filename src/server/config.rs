//! The settings under `hotseat`, from the client to typed values.

use jiff::civil::Date;
use serde_json::Value;

use crate::catalog::PythonVersion;
use crate::ide::Preset;
use crate::practice::Plan;

/// The section of the client's configuration that is ours.
pub const SECTION: &str = "hotseat";

/// What the user has set in the editor. What is not set, the project's files may say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// `preset`: how much is shown.
    pub preset: Option<Preset>,
    /// `targetVersion`: the Python version to assume instead of the project's.
    pub target: Option<PythonVersion>,
    /// `maxHints`: how many diagnostics of severity hint a screenful may show.
    pub max_hints: Option<usize>,
    /// `deduplicateWithRuff`: whether what ruff reports in the same editor is no more than a hint.
    pub deduplicate: Deduplicate,
    /// What practice is for: `interviewDate` (`2026-12-24`), `minutesPerDay`, `newPerDay`, `reviewsPerDay`,
    /// `desiredRetention` and `focusTopics`.
    pub plan: Plan,
}

/// What is no more than a hint because ruff reports it, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Deduplicate {
    /// `false`: nothing.
    Never,
    /// `true`: what ruff reports once it is known to run in this editor.
    #[default]
    Seen,
    /// `"always"`: what ruff reports; it runs in this editor.
    Always,
}

/// How many hints a screenful may show if nobody says otherwise.
pub const MAX_HINTS: usize = 5;

impl Settings {
    /// Reads settings; what is absent or null is not set. Also returns what is wrong with them, as one line for
    /// the user: a wrong value is not set either.
    pub fn read(value: &Value) -> (Self, Option<String>) {
        let mut settings = Self::default();
        let mut problems = Vec::new();
        let object = match value {
            Value::Object(object) => object,
            Value::Null => return (settings, None),
            _ => {
                return (
                    settings,
                    Some("hotseat: the settings must be an object".into()),
                );
            }
        };
        for (key, value) in object.iter().filter(|(_, value)| !value.is_null()) {
            let allowed = match key.as_str() {
                "preset" => match value.as_str().and_then(Preset::named) {
                    Some(preset) => {
                        settings.preset = Some(preset);
                        continue;
                    }
                    None => "\"learn\", \"quiet\" or \"off\"",
                },
                "targetVersion" => match value.as_str().and_then(|text| text.parse().ok()) {
                    Some(version) => {
                        settings.target = Some(version);
                        continue;
                    }
                    None => "null or a Python version such as \"3.12\"",
                },
                "maxHints" => match value.as_u64().and_then(|n| usize::try_from(n).ok()) {
                    Some(number) => {
                        settings.max_hints = Some(number);
                        continue;
                    }
                    None => "a whole number from 0",
                },
                "deduplicateWithRuff" => match value {
                    Value::Bool(wanted) => {
                        settings.deduplicate = match wanted {
                            true => Deduplicate::Seen,
                            false => Deduplicate::Never,
                        };
                        continue;
                    }
                    Value::String(word) if word == "always" => {
                        settings.deduplicate = Deduplicate::Always;
                        continue;
                    }
                    _ => "true, false or \"always\"",
                },
                "interviewDate" => match value.as_str().map(str::parse::<Date>) {
                    Some(Ok(date)) => {
                        settings.plan.interview_date = Some(Some(date));
                        continue;
                    }
                    _ => "null or a date such as \"2026-12-24\"",
                },
                "minutesPerDay" => match value.as_u64().and_then(|n| u32::try_from(n).ok()) {
                    Some(number) => {
                        settings.plan.minutes_per_day = Some(number);
                        continue;
                    }
                    None => "a whole number from 0",
                },
                "newPerDay" => match value.as_u64().and_then(|n| u32::try_from(n).ok()) {
                    Some(number) => {
                        settings.plan.new_per_day = Some(number);
                        continue;
                    }
                    None => "a whole number from 0",
                },
                "reviewsPerDay" => match value.as_u64().and_then(|n| u32::try_from(n).ok()) {
                    Some(number) => {
                        settings.plan.reviews_per_day = Some(number);
                        continue;
                    }
                    None => "a whole number from 0",
                },
                "desiredRetention" => match value.as_f64().filter(|r| (0.7..=0.99).contains(r)) {
                    Some(retention) => {
                        settings.plan.desired_retention = Some(retention);
                        continue;
                    }
                    None => "a number from 0.7 to 0.99",
                },
                "focusTopics" => match value.as_array().and_then(|list| strings(list)) {
                    Some(topics) => {
                        settings.plan.focus_topics = Some(topics);
                        continue;
                    }
                    None => "a list of topics such as [\"async-patterns\"]",
                },
                _ => {
                    tracing::warn!("the setting `{SECTION}.{key}` is unknown and ignored");
                    continue;
                }
            };
            problems.push(format!("`{SECTION}.{key}` must be {allowed}, not {value}"));
        }
        let problem = (!problems.is_empty()).then(|| problems.join("; "));
        (settings, problem)
    }

    /// Reads settings that stand in their section or by themselves, as clients send them in `initializationOptions`.
    pub fn read_section(value: &Value) -> (Self, Option<String>) {
        Self::read(value.get(SECTION).unwrap_or(value))
    }
}

/// The strings of a list of strings.
fn strings(list: &[Value]) -> Option<Vec<String>> {
    let strings = list.iter().map(|value| value.as_str().map(str::to_owned));
    strings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_setting_is_read_with_or_without_its_section() {
        let value = json!({"preset": "quiet", "targetVersion": "3.12", "maxHints": 2, "deduplicateWithRuff": false,
            "interviewDate": "2026-12-24", "minutesPerDay": 30, "newPerDay": 4, "reviewsPerDay": 50,
            "desiredRetention": 0.85, "focusTopics": ["performance"]});
        let expected = Settings {
            preset: Some(Preset::Quiet),
            target: "3.12".parse().ok(),
            max_hints: Some(2),
            deduplicate: Deduplicate::Never,
            plan: Plan {
                interview_date: Some("2026-12-24".parse().ok()),
                minutes_per_day: Some(30),
                new_per_day: Some(4),
                reviews_per_day: Some(50),
                desired_retention: Some(0.85),
                focus_topics: Some(vec!["performance".to_owned()]),
            },
        };
        assert_eq!(Settings::read_section(&value), (expected.clone(), None));
        let section = json!({"hotseat": value});
        assert_eq!(Settings::read_section(&section), (expected, None));
    }

    #[test]
    fn absent_null_and_unknown_settings_are_not_set() {
        for value in [
            json!(null),
            json!({}),
            json!({"preset": null, "targetVersion": null, "colour": "red"}),
        ] {
            assert_eq!(Settings::read(&value), (Settings::default(), None));
        }
    }

    #[test]
    fn wrong_values_are_named_in_one_line_and_the_others_count() {
        let (settings, problem) =
            Settings::read(&json!({"preset": "loud", "maxHints": -1, "targetVersion": "3.13"}));
        assert_eq!(settings.target, "3.13".parse().ok());
        assert_eq!((settings.preset, settings.max_hints), (None, None));
        assert_eq!(
            problem.as_deref(),
            Some(
                "`hotseat.preset` must be \"learn\", \"quiet\" or \"off\", not \"loud\"; \
                 `hotseat.maxHints` must be a whole number from 0, not -1"
            )
        );
    }

    #[test]
    fn the_settings_of_the_vs_code_extension_are_these() {
        /// Those that the extension keeps to itself.
        const OWN: [&str; 3] = ["openPagesAs", "server.path", "trace.server"];
        let manifest = include_str!("../../editors/vscode/package.json");
        let manifest: Value = serde_json::from_str(manifest).unwrap();
        let properties = &manifest["contributes"]["configuration"]["properties"];
        let mut offered = Vec::new();
        for (name, property) in properties.as_object().unwrap() {
            let key = name.strip_prefix("hotseat.").unwrap();
            assert!(property["markdownDescription"].is_string(), "{name}");
            assert!(property["scope"].is_string(), "{name}");
            if OWN.contains(&key) {
                continue;
            }
            offered.push(key);
            let values = property["enum"].as_array().cloned().unwrap_or_default();
            for value in values.iter().chain([&property["default"]]) {
                assert_eq!(Settings::read(&json!({key: value})).1, None, "{name}");
            }
            assert_eq!(
                Settings::read(&json!({key: property["default"]})).0,
                Settings::default(),
                "an untouched {name} must leave the choice to the project"
            );
        }
        // Where the settings are read, each stands on a line of its own.
        let read = include_str!("config.rs").lines().filter_map(|line| {
            let (key, _) = line
                .trim()
                .strip_prefix('"')?
                .split_once("\" => match value")?;
            Some(key)
        });
        assert_eq!(offered, read.collect::<Vec<_>>());
    }
}
