//! Tables without lines: columns two spaces apart, a header above. Cells may be painted, and are
//! one line each; the caller has cleaned them.

use super::theme::width_of;

/// Space between two columns.
const GAP: usize = 2;

/// The rows below `header`, each with as many cells; a line break ends every line.
#[must_use]
pub fn table<const COLUMNS: usize>(header: [&str; COLUMNS], rows: &[[&str; COLUMNS]]) -> String {
    draw(&header, rows.as_flattened())
}

fn draw(header: &[&str], cells: &[&str]) -> String {
    let rows = || cells.chunks(header.len());
    let mut widths: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
    for row in rows() {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let line: usize = widths.iter().map(|width| width + GAP).sum();
    let mut text = String::with_capacity((rows().len() + 1) * (line + 8));
    add(&mut text, header, &widths);
    for row in rows() {
        add(&mut text, row, &widths);
    }
    text
}

fn add(text: &mut String, cells: &[&str], widths: &[usize]) {
    let mut owed = 0;
    for (cell, widest) in cells.iter().zip(widths) {
        // What stands behind the last word of a line is left out.
        let taken = width(cell);
        if taken > 0 {
            text.extend(std::iter::repeat_n(' ', owed));
            text.push_str(cell);
            owed = 0;
        }
        owed += widest - taken + GAP;
    }
    text.push('\n');
}

/// Columns that a cell takes; most cells are plain, and counted without being read twice.
fn width(cell: &str) -> usize {
    let plain = cell.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    if plain { cell.len() } else { width_of(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "漢字", "x"], ["long name", "", ""], ["b", "c", "y"]];
        let expected = "\
Name       Kind  End
a          漢字  x
long name
b          c     y
";
        assert_eq!(table(["Name", "Kind", "End"], &rows), expected);
    }

    #[test]
    fn colour_takes_no_room() {
        let rows = [["\u{1b}[1mab\u{1b}[0m", "1"], ["abc", "2"]];
        let expected = "A    B\n\u{1b}[1mab\u{1b}[0m   1\nabc  2\n";
        assert_eq!(table(["A", "B"], &rows), expected);
    }
}
