"""Each site's TOML is a spider: `base`, `loader`, request logic per family, `sites/`."""
