#!/usr/bin/env python3
"""Records molecules of QM9 and its published network, made with RDKit and PyTorch Geometric.

    python3 -m venv venv && venv/bin/pip install torch==2.15.0 torch_geometric==2.8.1 rdkit==2026.9.1 numpy
    venv/bin/python Tools/reference-values/qm9.py
    venv/bin/python Tools/reference-values/qm9.py --time .truce/data/qm9      # seconds of a step of 120 molecules

Reads the molecules of Tests/TruceDataTests/QM9, which are lines of the package qm9pack 1.0.3. The features are what PyTorch
Geometric's QM9 makes of a file: a reader without sanitising, so that aromatic, sp, sp2 and sp3 stay zero. Energies of single
atoms are PyTorch Geometric's. Parameter i of the network, in PyTorch's order, holds wave(shape, i, 0.1).
"""

import ast
import csv
import itertools
import pathlib
import sys
import time
import warnings
from importlib.metadata import version

warnings.filterwarnings("ignore")

import torch
import torch.nn.functional as F
import torch_values
from torch_values import tensor, wave

# A library below asks for Python's own `statistics`, which a script in this folder hides.
sys.path = [folder for folder in sys.path if folder != str(pathlib.Path(__file__).resolve().parent)]

from rdkit import Chem, RDLogger
from rdkit.Chem import rdDetermineBonds
from torch import nn
from torch_geometric.data import Batch, Data
from torch_geometric.datasets import qm9 as published
from torch_geometric.nn import NNConv, Set2Set

RDLogger.DisableLog("rdApp.*")
torch.set_default_dtype(torch.float64)
FOLDER = torch_values.ROOT / "Tests/TruceDataTests/QM9"
ELEMENTS = {"H": 0, "C": 1, "N": 2, "O": 3, "F": 4}
ORDERS = {Chem.BondType.SINGLE: 1, Chem.BondType.DOUBLE: 2, Chem.BondType.TRIPLE: 3}
COLUMNS = ["Dipole_debye", "Polarizability_bohr3", "HOMO_au", "LUMO_au", "R2_bohr2", "ZPVE_au", "InternalEnergy_0K_au",
           "InternalEnergy_298K_au", "Enthalphy_298K_au", "GibbsFreeEnergy_298K_au", "Heatcapacity_Cv_cal_mol_K"]
# What PyTorch Geometric numbers the energies of single atoms by; their order is H, C, N, O, F.
ATOM_ENERGIES = {"InternalEnergy_0K_au": 7, "InternalEnergy_298K_au": 8, "Enthalphy_298K_au": 9,
                 "GibbsFreeEnergy_298K_au": 10}


# Molecules

def connectivity(symbols, positions):
    """The bonds that RDKit sees in the positions alone, by pairs."""
    lines = [f"{s} {x:.10f} {y:.10f} {z:.10f}" for s, (x, y, z) in zip(symbols, positions)]
    molecule = Chem.MolFromXYZBlock("\n".join([str(len(symbols)), ""] + lines) + "\n")
    rdDetermineBonds.DetermineConnectivity(molecule)
    return {frozenset((b.GetBeginAtomIdx(), b.GetEndAtomIdx())) for b in molecule.GetBonds()}


def drawn_bonds(smiles, seen, heavy):
    """The bonds that RDKit reads in the SMILES, between the atoms of the file."""
    drawn = Chem.MolFromSmiles(smiles)
    Chem.Kekulize(drawn, clearAromaticFlags=True)
    plain = Chem.RWMol(Chem.MolFromSmiles(smiles, sanitize=False))
    target = Chem.RWMol()
    for atom in heavy:
        target.AddAtom(Chem.Atom(atom[1]))
    place = {atom[0]: number for number, atom in enumerate(heavy)}
    for pair in seen:
        first, second = pair
        if first in place and second in place:
            target.AddBond(place[first], place[second], Chem.BondType.SINGLE)
    for bond in plain.GetBonds():
        bond.SetBondType(Chem.BondType.SINGLE)
    for atom in plain.GetAtoms():
        atom.SetFormalCharge(0)
        atom.SetNumExplicitHs(0)
        atom.SetNoImplicit(False)
    matches = target.GetSubstructMatches(plain, uniquify=False, maxMatches=10000)
    usual = tuple(range(len(heavy)))
    order = usual if usual in matches or not matches else min(matches)
    return [(heavy[order[b.GetBeginAtomIdx()]][0], heavy[order[b.GetEndAtomIdx()]][0], ORDERS[b.GetBondType()])
            for b in drawn.GetBonds()]


def features(symbols, bonds):
    """The node features as PyTorch Geometric takes them from a molecule that was read without sanitising."""
    molecule = Chem.RWMol()
    for symbol in symbols:
        molecule.AddAtom(Chem.Atom(symbol))
    kinds = {order: kind for kind, order in ORDERS.items()}
    for first, second, order in bonds:
        molecule.AddBond(int(first), int(second), kinds[order])
    read = Chem.MolFromMolBlock(Chem.MolToMolBlock(molecule, kekulize=False), removeHs=False, sanitize=False)
    rows = []
    for atom in read.GetAtoms():
        row = [0.0] * 11
        row[ELEMENTS[atom.GetSymbol()]] = 1.0
        row[5] = float(atom.GetAtomicNum())
        row[6] = float(atom.GetIsAromatic())
        for column, kind in ((7, "SP"), (8, "SP2"), (9, "SP3")):
            row[column] = float(atom.GetHybridization() == getattr(Chem.HybridizationType, kind))
        row[10] = float(sum(other.GetSymbol() == "H" for other in atom.GetNeighbors()))
        rows.append(row)
    return rows


def molecule(line):
    symbols = ast.literal_eval(line["Elements"])
    positions = ast.literal_eval(line["XYZ_Ang"])
    heavy = [(number, symbol) for number, symbol in enumerate(symbols) if symbol != "H"]
    seen = connectivity(symbols, positions)
    bonds = drawn_bonds(line["SMILES"], seen, heavy)
    bonds += [(*sorted(pair), 1) for pair in seen if any(symbols[atom] == "H" for atom in pair)]
    values = []
    for column in COLUMNS:
        value = float(line[column])
        if column.endswith("_au"):
            if column in ATOM_ENERGIES:
                energies = published.atomrefs[ATOM_ENERGIES[column]]
                # In hartree they have six decimals; in eV they were written with another hartree than that of the targets.
                value -= sum(round(energies[ELEMENTS[symbol]] / 27.21138602, 6) for symbol in symbols)
            value *= 1000 * published.HAR2EV
        values.append(value)
    return {"number": int(line["Index"]), "features": features(symbols, bonds), "positions": positions,
            "bonds": sorted([min(a, b), max(a, b), order] for a, b, order in bonds), "values": values}


def molecules(folder=FOLDER, count=None):
    """The molecules of a folder, or so many of its second file."""
    lines = []
    for path in sorted(folder.glob("*.csv"))[1 if count else 0:2 if count else None]:
        with path.open() as file:
            lines += list(itertools.islice(csv.DictReader(file), count))
    return [molecule(line) for line in lines]


# The network

class Network(nn.Module):
    """The network of the published protocol: the same layers, steps and sizes, a linear head for each task."""

    def __init__(self, tasks=11, width=64):
        super().__init__()
        self.lin0 = nn.Linear(11, width)
        self.conv = NNConv(width, width, nn.Sequential(nn.Linear(5, 128), nn.ReLU(), nn.Linear(128, width * width)),
                           aggr="mean")
        self.gru = nn.GRU(width, width)
        self.set2set = Set2Set(width, processing_steps=3)
        self.lin1 = nn.Linear(2 * width, width)
        self.heads = nn.ModuleList([nn.Linear(width, 1) for _ in range(tasks)])

    def forward(self, data):
        atoms = F.relu(self.lin0(data.x))
        memory = atoms.unsqueeze(0)
        for _ in range(3):
            heard = F.relu(self.conv(atoms, data.edge_index, data.edge_attr))
            atoms, memory = self.gru(heard.unsqueeze(0), memory)
            atoms = atoms.squeeze(0)
        read = F.relu(self.lin1(self.set2set(atoms, data.batch)))
        return torch.cat([head(read) for head in self.heads], 1)


def graph(record):
    """A complete graph without loops; an edge has the marks of its bond and its length."""
    count = len(record["features"])
    positions = torch.tensor(record["positions"])
    marks = torch.zeros(count, count, 4)
    for first, second, order in record["bonds"]:
        marks[first, second, order - 1] = marks[second, first, order - 1] = 1
    pairs = torch.tensor([(a, b) for a in range(count) for b in range(count) if a != b]).T
    lengths = (positions[pairs[0]] - positions[pairs[1]]).norm(dim=1, keepdim=True)
    return Data(x=torch.tensor(record["features"]), edge_index=pairs,
                edge_attr=torch.cat([marks[pairs[0], pairs[1]], lengths], 1))


def network_values(records):
    network = Network()
    with torch.no_grad():
        for index, parameter in enumerate(network.parameters()):
            parameter.copy_(wave(tuple(parameter.shape), index, 0.1))
    output = network(Batch.from_data_list([graph(record) for record in records]))
    losses = ((output - wave(tuple(output.shape), 0.9)) ** 2).mean(0)
    losses.sum().backward()
    gradients = [{"name": name, "norm": value.grad.norm().item(),
                  "projection": (value.grad * wave(tuple(value.shape), 1.7)).sum().item()}
                 for name, value in network.named_parameters()]
    return {"outputs": tensor(output), "losses": tensor(losses), "gradients": gradients,
            "parameterCount": sum(parameter.numel() for parameter in network.parameters())}


def time_steps(records, steps=5):
    """Seconds of a training step of the summed loss, in single precision on one core."""
    torch.set_num_threads(1)
    batch = Batch.from_data_list([graph(record) for record in records])
    network = Network().float()
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    data = batch.apply(lambda value: value.float() if value.is_floating_point() else value)
    times = []
    for _ in range(steps):
        start = time.process_time()
        optimizer.zero_grad()
        network(data).square().mean(0).sum().backward()
        optimizer.step()
        times.append(time.process_time() - start)
    print(f"{len(records)} molecules, {batch.num_nodes} atoms, {batch.num_edges} pairs, one thread: "
          f"{min(times):.2f} s of processor time a step, the least of {steps}")


def main():
    if "--time" in sys.argv:
        return time_steps(molecules(pathlib.Path(sys.argv[2]), 120))
    records = molecules()
    versions = f"PyTorch Geometric {version('torch_geometric')}, RDKit {version('rdkit')}"
    for target, name, cases, extra in [
        ("TruceDataTests/ReferenceValues", "qm9", records, {}),
        ("TruceModelsTests/ReferenceValues", "qm9-network", records[:3] + records[5:6],
         network_values(records[:3] + records[5:6])),
    ]:
        torch_values.TARGET = torch_values.ROOT / "Tests" / target
        torch_values.TARGET.mkdir(exist_ok=True)
        torch_values.write(name, "qm9.py", cases, libraries=versions, **extra)


if __name__ == "__main__":
    main()
