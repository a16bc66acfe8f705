"""`python -m infra.assets`: builds the assets; says nothing when they are up to date."""

import sys

from infra.assets.build import AssetError, build_assets

if __name__ == "__main__":
    try:
        build_assets()
    except AssetError as error:
        sys.exit(f"The assets do not compile.\n{error}")
