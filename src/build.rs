fn main() {
    std::fs::write(
        std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("checks.rs"),
        "pub static ALL: &[Entry] = &[];",
    )
    .unwrap();
}
