//! Charts of characters.

/// Eighths of a block, from nothing to all of it.
const EIGHTHS: [char; 9] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// Heights of a column, from the lowest.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A bar for a share from 0 to 1, in as many columns, and what is left of them.
pub fn bar(share: f64, columns: usize) -> (String, String) {
    let eighths = scaled(share, columns * 8);
    let mut full = "█".repeat(eighths / 8);
    let part = eighths % 8;
    if part > 0 {
        full.push(EIGHTHS[part]);
    }
    let rest = columns - full.chars().count();
    (full, "·".repeat(rest))
}

/// A line of columns for shares from 0 to 1. Of more shares than columns, some are left out, but never the last.
pub fn line(shares: &[f64], columns: usize) -> String {
    let number = shares.len().min(columns);
    let place = |column: usize| {
        let last = number.saturating_sub(1).max(1);
        column * (shares.len() - 1) / last
    };
    let shares = (0..number).map(|column| match number {
        1 => shares[shares.len() - 1],
        _ => shares[place(column)],
    });
    shares
        .map(|share| HEIGHTS[scaled(share, HEIGHTS.len() - 1)])
        .collect()
}

/// A share of a small number.
fn scaled(share: f64, most: usize) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and a small number"
    )]
    let scaled = (share.clamp(0.0, 1.0) * most as f64).round() as usize;
    scaled
}

/// Whole percent.
pub fn percent(share: f64) -> usize {
    scaled(share, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_has_always_the_same_width() {
        let drawn = |share| {
            let (full, rest) = bar(share, 4);
            full + &rest
        };
        assert_eq!(
            [0.0, 0.1, 0.5, 0.97, 1.0, 7.0].map(drawn),
            ["····", "▍···", "██··", "███▉", "████", "████"]
        );
    }

    #[test]
    fn a_line_ends_with_the_last_share_however_many_there_are() {
        assert_eq!(line(&[], 5), "");
        assert_eq!(line(&[1.0], 5), "█");
        assert_eq!(line(&[0.0, 0.5, 1.0], 5), "▁▅█");
        let many: Vec<f64> = (0..100).map(|n| f64::from(n) / 99.0).collect();
        assert_eq!(line(&many, 8), "▁▂▃▄▅▆▇█");
        assert_eq!(line(&many, 1), "█");
    }
}
