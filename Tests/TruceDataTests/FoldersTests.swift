import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

/// A folder of tiny pictures, each of one grey.
private final class Album {
  let folder: TemporaryFolder

  init(_ names: [String]) throws {
    folder = try TemporaryFolder()
    for (index, name) in names.enumerated() {
      let picture = Tensor.full([1, 4, 6], Double(index * 20) / 255, dtype: .float64)
      try folder.write(name, [UInt8](#require(PNG.data(of: picture))))
    }
  }

  func data(_ specification: String) throws -> FoldersData {
    try FoldersData(contentsOf: folder.write("data.yaml", text: specification))
  }

  /// The faults of a specification, and of its pictures where it has none.
  func faults(_ specification: String) throws -> [String] {
    let faults = FaultList()
    let data = FoldersData(contentsOf: try folder.write("data.yaml", text: specification), noting: faults)
    if let data { #expect(data.splits(noting: faults) == nil) }
    #expect(faults.faults.allSatisfy { !$0.help.isEmpty })
    return faults.faults.map { "\($0)".replacing(folder.path + "/", with: "") }
  }
}

@Suite("Pictures in folders")
struct FoldersTests {
  private func names(_ samples: [FoldersData.Sample]) -> [Substring] {
    samples.map { $0.path.split(separator: "/").suffix(3).joined(separator: "/")[...] }
  }

  @Test("folders are classes, and other folders splits")
  func classFolders() throws {
    let album = try Album([
      "img/train/cat/1.png", "img/train/dog/2.png", "img/test/cat/3.png", "img/test/dog/4.PNG",
      "img/rest/cat/5.png",
      "img/train/notes.txt.png.bak",
    ])
    let data = try album.data(
      """
      images: img
      height: 2
      width: 3
      channels: 3
      split: {folders: {training: train, test: test}}
      tasks: {animal: {kind: classes, from: folder}}
      """)
    #expect(data.encoding.tasks == [TableEncoding.Task(name: "animal", label: .classes(["cat", "dog"]))])
    #expect(names(data.samples(of: .training)) == ["train/cat/1.png", "train/dog/2.png"])
    #expect(data.leftOut == 1)
    let faults = FaultList()
    let splits = try #require(data.splits(noting: faults))
    let batch = splits.test.batch(at: [0, 1])
    #expect(batch.input.shape == [2, 3, 2, 3])
    #expect(batch.input[0].toArray(as: Float.self).allSatisfy { $0 == 40.0 / 255 })
    #expect(batch[task: "animal"]?.values.toArray(as: Int.self) == [0, 1])
  }

  @Test("a domain's folders label the pictures under it alone, as in Office-31")
  func domains() throws {
    let album = try Album([
      "amazon/images/bike/1.png", "amazon/images/mug/1.png", "webcam/images/bike/1.png",
      "webcam/images/bike/2.png",
    ])
    let data = try album.data(
      """
      images: .
      height: 4
      width: 6
      channels: 1
      split: {ratio: {training: 0.75, test: 0.25}, seed: 4}
      tasks:
        amazon: {kind: classes, from: folder, under: amazon, classes: [bike, mug]}
        webcam: {kind: classes, from: folder, under: webcam/images, classes: [bike, mug]}
      """)
    let all = data.samples(of: .training) + data.samples(of: .test)
    let sorted = all.sorted { $0.path < $1.path }
    let targets = data.targets(of: sorted)
    #expect(targets[0].mask?.toArray(as: Bool.self) == [true, true, false, false])
    #expect(targets[1].mask?.toArray(as: Bool.self) == [false, false, true, true])
    #expect(targets[0].values.toArray(as: Int.self).prefix(2) == [0, 1])
  }

  @Test("a file of labels has a row for each picture, in any order, as CelebA's")
  func labelFile() throws {
    let album = try Album(["img/1.png", "img/2.png", "img/3.png"])
    try album.folder.write(
      "attributes.csv", text: "image_id,Smiling,Age,part\n3.png,-1,,2\n1.png,1,20,0\n2.png,-1,40,0\n")
    let data = try album.data(
      """
      images: img
      height: 4
      width: 6
      labels: {file: attributes.csv, name: image_id}
      split: {column: part, training: 0, validation: 1, test: 2}
      tasks:
        smiling: {kind: binary, column: Smiling, positive: 1, negative: -1}
        age: {kind: regression, column: Age}
      """)
    #expect(data.samples(of: .training).map { $0.path.suffix(5) } == ["1.png", "2.png"])
    let targets = data.targets(of: data.samples(of: .training))
    #expect(targets[0].values.toArray(as: Float.self) == [1, 0])
    #expect(targets[1].values.toArray(as: Float.self) == [20, 40])
    #expect(data.targets(of: data.samples(of: .test))[1].mask?.toArray(as: Bool.self) == [false])
  }

  @Test("several files of labels, and lists of names, go together")
  func severalFiles() throws {
    let album = try Album(["a/1.png", "a/2.png", "b/1.png"])
    try album.folder.write("one.csv", text: "file;colour\na/1.png;red\na/2.png;blue\n")
    try album.folder.write("two.csv", text: "name,size\na/2.png,3\nb/1.png,4\n")
    try album.folder.write("train.txt", text: "a/1.png\r\n2.png\n")
    try album.folder.write("test.txt", text: "b/1.png\n\n")
    let data = try album.data(
      """
      images: .
      height: 4
      width: 6
      labels:
      - {file: one.csv, name: file, delimiter: ;}
      - {file: two.csv, name: name}
      split: {lists: {training: train.txt, test: test.txt}}
      tasks: {colour: {kind: classes}, size: {kind: regression}}
      """)
    let training = data.targets(of: data.samples(of: .training))
    #expect(training[0].values.toArray(as: Int.self) == [1, 0])
    #expect(training[1].mask?.toArray(as: Bool.self) == [false, true])
    #expect(data.targets(of: data.samples(of: .test))[0].mask?.toArray(as: Bool.self) == [false])
  }

  @Test("the preset of ChestX-ray14 reads its lists of findings")
  func chestXray() throws {
    let album = try Album(["images_001/images/1.png", "images_002/images/2.png"])
    try album.folder.write(
      "Data_Entry_2017.csv",
      text: """
        Image Index,Finding Labels,Patient Age
        1.png,Cardiomegaly|Pleural_Thickening,58
        2.png,No Finding,60
        9.png,Mass,60

        """)
    try album.folder.write("train_val_list.txt", text: "1.png\n9.png\n")
    try album.folder.write("test_list.txt", text: "2.png\n")
    let data = try album.data("preset: chest-xray14\nimages: .\nheight: 4\nwidth: 4\n")
    #expect(data.encoding.tasks.count == 14)
    #expect(data.specification.shape.channels == 1)
    let found = data.targets(of: data.samples(of: .training)).filter { $0.values.item() == 1 }.map(\.task)
    #expect(found == ["cardiomegaly", "pleural_thickening"])
    #expect(data.targets(of: data.samples(of: .test)).allSatisfy { $0.values.item() == 0 })
    #expect(data.encoding.tasks.allSatisfy { $0.metrics == ["auc"] })
  }

  @Test("a share of the training list is held out by seed, and only of lists without one for validation")
  func heldOut() throws {
    let album = try Album((0..<20).map { "\($0 + 10).png" })
    let rows = (0..<20).map { "\($0 + 10).png,\($0 % 2)\n" }.joined()
    try album.folder.write("l.csv", text: "id,x\n" + rows)
    try album.folder.write("a.txt", text: (0..<16).map { "\($0 + 10).png\n" }.joined())
    try album.folder.write("b.txt", text: (16..<20).map { "\($0 + 10).png\n" }.joined())
    let specification = { (split: String) in
      """
      images: .
      height: 4
      width: 6
      labels: {file: l.csv, name: id}
      split: {\(split)}
      tasks: {x: {kind: binary}}
      """
    }
    let lists = "lists: {training: a.txt, test: b.txt}"
    func parts(_ seed: Int) throws -> [[Substring]] {
      let data = try album.data(specification("\(lists), validation_share: 0.25, seed: \(seed)"))
      return Split.allCases.map { names(data.samples(of: $0)) }
    }
    let first = try parts(0)
    #expect(first.map(\.count) == [12, 4, 4])
    #expect(Set(first[0] + first[1]).count == 16)
    #expect(try parts(0) == first)
    #expect(try parts(1)[1] != first[1])
    #expect(
      try album.faults(specification("\(lists), validation_share: 1"))
        == ["data.yaml:5: split.validation_share must be a share above 0 and below 1, got 1"])
    #expect(
      try album.faults(
        specification("lists: {training: a.txt, validation: b.txt, test: b.txt}, validation_share: 0.5")) == [
          "data.yaml:5: split.validation_share must be left out where there are no lists, or one for validation "
            + "is among them, got 0.5"
        ])
  }
}

@Suite("Faults of pictures in folders")
struct FoldersFaultTests {
  private static let labels = """
    images: img
    height: 4
    width: 6
    labels: {file: l.csv, name: id}
    split: {column: part, training: a, test: b}
    tasks: {x: {kind: binary}}

    """

  @Test("of labels are all found, each with its line and column")
  func labels() throws {
    let album = try Album(["img/1.png", "img/2.png", "img/3.png"])
    try album.folder.write("l.csv", text: "id,x,part\n1.png,1,a\n7.png,1,a\n2.png,5,b\n1.png,0,a\n3.png\n")
    #expect(
      try album.faults(Self.labels) == [
        "l.csv:3:1: column 'id': no picture '7.png' lies in img",
        "l.csv:4:7: column 'x': '5' is neither yes nor no (1, true, True, TRUE, 0, false, False, FALSE)",
        "l.csv:5:1: column 'id': a second row about '1.png', after that on line 2",
        "l.csv:6:1: 1 fields, where there are 3 columns",
      ])
  }

  @Test("of pictures are all found before training")
  func pictures() throws {
    let album = try Album(["img/1.png", "img/2.png", "img/3.png"])
    try album.folder.write("l.csv", text: "id,x,part\n1.png,1,a\n2.png,0,b\n3.png,,a\n")
    #expect(try album.faults(Self.labels) == ["img/3.png: the picture has no label for any task"])
    try album.folder.write("img/1.png", text: "not a picture")
    #expect(
      try album.faults(Self.labels + "unmatched: skip") == ["img/1.png: it is neither a PNG nor a JPEG"])
  }

  @Test("of names, columns, lists and folders say what to do")
  func names() throws {
    let album = try Album(["a/1.png", "b/1.png"])
    try album.folder.write("l.csv", text: "id,x\n1.png,1\n")
    let specification = { (split: String) in
      "images: .\nheight: 4\nwidth: 6\nlabels: {file: l.csv, name: id}\nsplit: \(split)\ntasks: {x: {kind: binary}}\n"
    }
    let ratio = "{ratio: {training: 0.5, test: 0.5}}"
    #expect(
      try album.faults(specification(ratio)) == ["l.csv:2:1: column 'id': several pictures are named '1.png'"]
    )
    try album.folder.write("l.csv", text: "id,y\na/1.png,1\nb/1.png,1\n")
    #expect(try album.faults(specification(ratio)) == ["data.yaml:6: no file of labels has a column 'x'"])
    try album.folder.write("l.csv", text: "id,x\na/1.png,1\nb/1.png,1\n")
    try album.folder.write("one.txt", text: "a/1.png\nc.png\n")
    try album.folder.write("two.txt", text: "a/1.png\n")
    let lists = "{lists: {training: one.txt, test: two.txt}}"
    #expect(
      try album.faults(specification(lists)).map { $0.replacing(album.folder.path, with: "") } == [
        "one.txt:2:1: no picture 'c.png' lies in ",
        "two.txt:1:1: 'a/1.png' is in the training split already",
      ])
    #expect(
      try album.faults(
        "images: none\nheight: 0\nwidth: 4\nchannels: 2\nsplit: \(ratio)\ntasks: {x: {kind: binary}}") == [
          "data.yaml:6: tasks.x must be a mapping with `from: folder`, since there are no label files, got a mapping",
          "data.yaml:2: height must be a whole number, at least 1, got 0",
          "data.yaml:4: channels must be 1 for grey or 3 for colours, got 2",
        ])
    #expect(
      try album.faults(
        "images: none\nheight: 1\nwidth: 4\nsplit: \(ratio)\ntasks: {x: {kind: classes, from: folder}}") == [
          "none: there is no such folder"
        ])
    #expect(
      try album.faults("preset: chest\nimages: .\nheight: 1\nwidth: 1") == [
        "data.yaml:1: preset must be one of chest-xray14, got 'chest'"
      ])
  }
}

@Suite("Pictures as a stream")
struct FolderSamplesTests {
  @Test("are read by a loader as they are in memory, whatever the number of its threads", arguments: [0, 2])
  func stream(workers: Int) throws {
    let album = try Album((0..<7).map { "img/\($0 % 2 == 0 ? "cat" : "dog")/\($0).png" })
    let data = try album.data(
      """
      images: img
      height: 3
      width: 5
      channels: 1
      split: {ratio: {training: 0.7, test: 0.3}, seed: 2}
      tasks: {animal: {kind: classes, from: folder, classes: [cat, dog]}}
      """)
    let loader = try StreamLoader(
      FolderSamples(data, split: .training), batchSize: 3, order: .stored,
      options: LoadingOptions(workers: workers))
    let memory = try #require(data.splits(noting: FaultList())).training
    let batches = loader.batches(epoch: 0)
    var position = 0
    while let batch = try batches.next() {
      let expected = memory.batch(at: Array(position..<position + batch.count))
      #expect(batch.input.shape == expected.input.shape)
      #expect(batch.input.toArray(as: Float.self) == expected.input.toArray(as: Float.self))
      #expect(
        batch.targets[0].values.toArray(as: Int.self) == expected.targets[0].values.toArray(as: Int.self))
      position += batch.count
    }
    #expect(position == memory.count)
  }

  @Test("name the file that cannot be read")
  func damaged() throws {
    let album = try Album(["img/cat/1.png", "img/dog/2.png", "img/dog/3.png"])
    let data = try album.data(
      """
      images: img
      height: 3
      width: 5
      split: {ratio: {training: 0.67, test: 0.33}}
      tasks: {animal: {kind: classes, from: folder, classes: [cat, dog]}}
      """)
    let samples = FolderSamples(data, split: .training)
    try album.folder.write("img/cat/1.png", text: "none")
    try album.folder.write("img/dog/2.png", text: "none")
    try album.folder.write("img/dog/3.png", text: "none")
    let error = #expect(throws: DataError.self) { try samples.sample(at: 0) }
    #expect("\(try #require(error))".hasSuffix(": it is neither a PNG nor a JPEG"))
    #expect(samples.name(ofSample: 0).hasSuffix(".png"))
  }
}
