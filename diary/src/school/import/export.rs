//! The register of a school as a file, and the empty template. Spreadsheets read a cell that begins with `=`, `+`, `-`
//! or `@` as a formula; an apostrophe before it prevents that (OWASP, *CSV Injection*), and an upload removes it.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use web::Problem;

use super::columns::{PARENTS, columns};
use crate::{
    register::{NameRange, Parent, Pupil, Staff},
    state::Diary,
};

/// Escapes a cell that a spreadsheet would read as a formula.
pub(super) fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

/// Writes a file that Russian spreadsheets open without an import dialog: byte order mark, semicolons, CRLF.
fn file(lines: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let terminator = csv::Terminator::CRLF;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').terminator(terminator).from_writer(Vec::new());
    writer.write_record(columns())?;
    for line in lines {
        writer.write_record(line.iter().map(|text| cell(text)))?;
    }
    let written = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok([b"\xEF\xBB\xBF".to_vec(), written].concat())
}

/// Writes a file of column titles without pupils.
pub(super) fn template() -> Result<Vec<u8>, csv::Error> {
    file(std::iter::empty())
}

/// Writes the register of the employee's school.
pub(super) fn register(diary: &Diary, staff: &Staff) -> Result<Vec<u8>, csv::Error> {
    let all = NameRange::default();
    let own = diary.register.pupils(&all).filter(|(_, pupil)| pupil.school == staff.school);
    file(own.map(|(_, pupil)| line(diary, pupil)))
}

fn line(diary: &Diary, pupil: &Pupil) -> Vec<String> {
    let certificate = pupil.certificate.as_ref();
    let mut cells = vec![
        pupil.name.to_string(),
        pupil.born.format("%d.%m.%Y").to_string(),
        pupil.snils.to_string(),
        pupil.class.clone(),
        certificate.map(|certificate| certificate.series().to_owned()).unwrap_or_default(),
        certificate.map(|certificate| certificate.number().to_owned()).unwrap_or_default(),
        pupil.phone.map(|phone| phone.to_string()).unwrap_or_default(),
    ];
    let parents = pupil.parents.iter().filter_map(|key| diary.register.parent(key));
    for Parent { name, snils, relation, active, .. } in parents.take(PARENTS) {
        let relation = relation.map(|relation| relation.name().to_owned()).unwrap_or_default();
        let active = if *active { "да" } else { "нет" };
        cells.extend([name.to_string(), snils.to_string(), relation, active.to_owned()]);
    }
    cells.resize(columns().len(), String::new());
    cells
}

/// Returns a response that a browser saves under `name`.
pub(super) fn download(name: &str, file: Result<Vec<u8>, csv::Error>) -> Result<Response, Problem> {
    let file = file.map_err(Problem::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, file).into_response())
}
