extension OriginalCollection {
  /// QM9: 130,831 molecules of up to nine atoms beside hydrogen, with geometries and properties from quantum chemistry.
  ///
  /// The three files of the Python package `qm9pack`. The 3,054 molecules whose geometry the authors could not confirm are
  /// left out there, as they are in PyTorch Geometric.
  ///
  /// - Source: R. Ramakrishnan et al., "Quantum chemistry structures and properties of 134 kilo molecules", Scientific Data 1,
  ///   140022, 2014.
  public static let qm9 = OriginalCollection(
    name: "qm9", title: "QM9", licence: "MIT (qm9pack)", places: ["qm9"],
    files: [
      ("qm9_part1.csv", 69_693_764, "19f0a5d595462d52cd82eef3370f3e9eb55a1f52cb14985657200349568deff3"),
      ("qm9_part2.csv", 76_868_612, "2bca113fdc0b28a13563c80ed9b240e934f3da6c64c64fe74ddb4f0f36036e61"),
      ("qm9_part3.csv", 79_083_002, "9c5efb5733d2af149db8d95d36ff198b4ffed12d9f7b344220a1e5877d5c6a43"),
    ].map { OriginalFile(name: $0, byteCount: $1, sha256: $2, isCompressed: false) },
    origins: [
      .pythonPackage(
        project: "qm9pack", archive: "qm9pack-1.0.3-py3-none-any.whl",
        sha256: "1d88c2988007c6778e717ee3224cf511bd60e10732ebe3b7ed500ea5af05c9f0", folder: "qm9pack/data")
    ])
}
