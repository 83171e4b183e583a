"""A train step in PyTorch on one thread. Reads the task from stdin, prints the first losses and the time of a step."""

import json
import sys

import torch
from torch import nn

from timing import block

torch.set_num_threads(1)
task = json.load(sys.stdin)


def read(path):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.float32)


def network(layers, activation):
    parts = []
    for i, layer in enumerate(layers):
        last = i + 1 == len(layers)
        if layer["kind"] == "conv":
            conv = nn.Conv2d(layer["inputs"], layer["outputs"], layer["kernel"], padding=layer["padding"])
            parts += [conv, nn.ReLU(), nn.MaxPool2d(2)]
        else:
            if i > 0 and layers[i - 1]["kind"] == "conv":
                parts.append(nn.Flatten())
            parts.append(nn.Linear(layer["inputs"], layer["outputs"]))
            if not last:
                parts.append(nn.Tanh() if activation == "tanh" else nn.ReLU())
    return nn.Sequential(*parts)


flat = read(task["numbers"])
examples = task["batch"] * torch.Size(task["example"]).numel()
x = flat[:examples].reshape(task["batch"], *task["example"])
y = flat[examples : examples + task["targets"]]
y = y.long() if task["loss"] == "crossEntropy" else y.reshape(task["batch"], -1)
model = network(task["layers"], task["activation"])
at = examples + task["targets"]
with torch.no_grad():
    for parameter in model.parameters():
        count = parameter.numel()
        parameter.copy_(flat[at : at + count].reshape(parameter.shape))
        at += count
loss_of = nn.CrossEntropyLoss() if task["loss"] == "crossEntropy" else nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=task["learningRate"])


def step():
    loss = loss_of(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


losses = [step() for _ in range(task["steps"])]
print(json.dumps({"losses": losses, "us": block(step, task["seconds"])}))
