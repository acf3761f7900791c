import Testing
import TruceRun

@Suite("The processors of a process")
struct ProcessorShareTests {
  private func count(of active: Int = 8, _ files: [String: String]) -> Int {
    ProcessorShare.count(of: active) { files[$0] }
  }

  @Test("are the machine's where no control group says less")
  func all() {
    #expect(count([:]) == 8)
    #expect(count(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n"]) == 8)
    #expect(count(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "1600000 100000\n"]) == 8)
    #expect(count(["/proc/self/cgroup": "nonsense\n1:x\n", "/sys/fs/cgroup/cpu.max": "1 2 3\n"]) == 8)
  }

  @Test(
    "are as many as the quota, rounded up",
    arguments: [("200000 100000", 2), ("150000 100000", 2), ("10000 100000", 1), ("50000 10000", 5)])
  func unified(_ text: String, _ expected: Int) {
    #expect(count(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text + "\n"]) == expected)
  }

  @Test("are bounded by every group above")
  func groups() {
    let files = [
      "/proc/self/cgroup": "0::/slurm/job 7/step\n", "/sys/fs/cgroup/slurm/job 7/cpu.max": "300000 100000",
      "/sys/fs/cgroup/slurm/job 7/step/cpu.max": "max 100000",
      "/sys/fs/cgroup/slurm/cpu.max": "600000 100000",
    ]
    #expect(count(files) == 3)
  }

  @Test("are those of a group of the first version, in or out of a container")
  func separate() {
    func files(_ folder: String, quota: String) -> [String: String] {
      [
        "/proc/self/cgroup": "9:memory:/docker/a\n4:cpu,cpuacct:/docker/a\n1:name=systemd:/docker/a\n0::/\n",
        folder + "/cpu.cfs_quota_us": quota + "\n", folder + "/cpu.cfs_period_us": "100000\n",
      ]
    }
    #expect(count(files("/sys/fs/cgroup/cpu/docker/a", quota: "400000")) == 4)
    #expect(count(files("/sys/fs/cgroup/cpu", quota: "50000")) == 1)
    #expect(count(files("/sys/fs/cgroup/cpu", quota: "-1")) == 8)
  }

  @Test("bound the threads that an engine chooses, not those that a user does")
  func threads() {
    let fewer = { (chosen: Int, environment: [String: String]) in
      ProcessorShare.threads(insteadOf: chosen, environment: environment, available: 2)
    }
    #expect(fewer(8, [:]) == 2 && fewer(2, [:]) == nil && fewer(1, [:]) == nil)
    #expect(fewer(8, ["OMP_NUM_THREADS": "8"]) == nil && fewer(8, ["MKL_NUM_THREADS": "8"]) == nil)
  }

  @Test("are at least one here")
  func here() { #expect(ProcessorShare.count() >= 1) }
}
