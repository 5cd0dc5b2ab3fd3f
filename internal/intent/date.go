package intent

func (l *lattice) dates(*program) {}
