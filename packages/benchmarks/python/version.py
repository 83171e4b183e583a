"""Which PyTorch this is, and the BLAS that it has loaded: Debian's takes the one that the system has chosen."""

import torch

with open("/proc/self/maps") as maps:
    names = [line.split("/")[-1].strip() for line in maps if "blas" in line.split("/")[-1]]
blas = "OpenBLAS" if any("openblas" in name for name in names) else names[0] if names else "a BLAS of its own"
print(f"PyTorch {torch.__version__} with {blas}")
