fn main() {
    for n in ["checks", "rewrites"] {
        std::fs::write(
            std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join(format!("{n}.rs")),
            "/// All.\npub static ALL: &[Entry] = &[];",
        )
        .unwrap();
    }
}
