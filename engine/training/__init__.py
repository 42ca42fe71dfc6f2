"""Training: the published tasks, the small autoencoder, the inpainter and the detector."""
